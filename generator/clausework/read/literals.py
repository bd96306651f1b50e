"""Values that a check writes down: of a parameter, a type, a key, a variable."""

import re

from clausework.expr.rules import WRONG_TYPE
from clausework.expr.types import Boolean, Enumeration, Integer, Optional, Party, Type, plain
from clausework.read.form import Problems
from clausework.source import Name


def fits(problems: Problems, called: str, type_: Type, text: Name, parties: tuple[str, ...] | None = None) -> bool:
    """Whether a text is a value of the type; if not, that is reported.

    The bounds of a number may be left (a check may look at less, or at more).  `parties`: those that a party may be.
    """
    possible: tuple[str, ...] = ()
    bare = plain(type_)
    if isinstance(bare, Optional):
        return text == "none" or fits(problems, called, bare.item, text, parties)
    match bare:
        case Boolean():
            possible = ("true", "false")
        case Enumeration(values=values):
            possible = tuple(str(each) for each in values)
        case Party() if parties is not None:
            possible = parties
        case Integer() if not re.fullmatch(r"-?\d{1,9}", text):
            problems.report(WRONG_TYPE, f"`{text}` is no number, as `{called}` is", text.span)
            return False
    if possible and text not in possible:
        problems.unknown(WRONG_TYPE, f"`{text}` is no value of `{called}`", text, possible)
        return False
    return True
