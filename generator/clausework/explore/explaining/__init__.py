"""Why something fails: who had nothing to say to what, where else it would have been taken, and what goes well instead.

A trace is all that is asked for, so it doesn't matter which engine found it.  The nearest run that goes well is the one
that leaves the failing one latest; of those, a shortest one.
"""

from clausework.explore.explaining.explained import explained

__all__ = ["explained"]
