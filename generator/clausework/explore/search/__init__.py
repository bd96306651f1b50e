"""A space of configurations, gone through: breadth first (`breadth_first`), what goes on for ever (`cycles`).

Knows nothing of what is asked.  `classes` says which steps are treated alike by fairness; `ways` goes back to where a
search began.
"""
