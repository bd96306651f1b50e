"""Python looks for circles of garbage while we search, ever again through all that was found: there are none."""

import gc
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")


def undisturbed(search: Callable[_Given, _Made]) -> Callable[_Given, _Made]:
    """The same, without looking for circles meanwhile; a fifth of the time was spent on it."""

    @wraps(search)
    def alone(*given: _Given.args, **named: _Given.kwargs) -> _Made:
        if not gc.isenabled():
            return search(*given, **named)
        gc.disable()
        try:
            return search(*given, **named)
        finally:
            gc.enable()

    return alone
