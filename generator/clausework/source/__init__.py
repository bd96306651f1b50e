"""Where things are written: text, places in it, names that remember their place."""

from clausework.source.name import Name
from clausework.source.text import Position, Source, Span

__all__ = ["Name", "Position", "Source", "Span"]
