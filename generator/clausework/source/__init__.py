"""Where things are written: text, places in it, names that remember their place."""

from clausework.source.name import (
    ConnectionName,
    FlowName,
    MessageName,
    Name,
    ParameterName,
    RoleName,
    Shared,
    TypeName,
)
from clausework.source.text import Position, Source, Span

__all__ = [
    "ConnectionName",
    "FlowName",
    "MessageName",
    "Name",
    "ParameterName",
    "Position",
    "RoleName",
    "Shared",
    "Source",
    "Span",
    "TypeName",
]
