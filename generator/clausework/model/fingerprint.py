"""What of a standard decides how a flow behaves, as a fingerprint: where it stands and how it is explained don't count.

So what was found by exploring stays known when a comment, a source or a line number changes.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum

from clausework.model.standard import Flow, Standard, named, own

_ASIDE = frozenset({"about", "span", "means", "title", "question", "wire"})


def fingerprints(standard: Standard) -> dict[str, str]:
    """By flow, for all of the standard's own."""
    texts: dict[str, str] = {}
    everywhere = _told((standard.roles, standard.connections))
    told = [(str(each.name), _told(each)) for each in standard.messages]
    told += [(str(each.name), _told(each)) for each in standard.types]
    told += [(str(each.name), _told(each)) for each in standard.parameters]
    found = {}
    for flow in own(standard.flows):
        parts = [everywhere, _told((flow.lifelines, flow.sequences, flow.properties, flow.checks, flow.large_checks))]
        used = _used(standard, flow)
        if flow.stands_for is not None:
            larger = named(standard.flows, flow.stands_for.flow)
            parts.append(_told((flow.stands_for, larger.lifelines, larger.checks)))
            used += _used(standard, larger)
        for each in used:
            if each.name not in texts:
                texts[str(each.name)] = _told((each.name, each.uses, each.lifelines, each.decisions, each.machines))
            parts.append(texts[str(each.name)])
        parts += _mentioned("".join(parts), told)
        found[str(flow.name)] = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
    return found


def _used(standard: Standard, flow: Flow) -> list[Flow]:
    """The flow, and all that it uses, however far away."""
    found: list[Flow] = [flow]
    for each in found:
        known = {one.name for one in found}
        found.extend(named(standard.flows, name) for name in dict.fromkeys(each.uses) if name not in known)
    return found


def _mentioned(text: str, told: list[tuple[str, str]]) -> Iterator[str]:
    """The elements that the text names, and those that they name."""
    left = told
    waiting = [text]
    while waiting:
        here = waiting.pop()
        named_here = [each for each in left if f"'{each[0]}'" in here]
        left = [each for each in left if each not in named_here]
        for _, inside in named_here:
            waiting.append(inside)
            yield inside


def _told(value: object) -> str:
    """All of a value, in one text."""
    if is_dataclass(value):
        inside = (
            f"{each.name}={_told(getattr(value, each.name))}" for each in fields(value) if each.name not in _ASIDE
        )
        return f"{type(value).__name__}({', '.join(inside)})"
    if isinstance(value, Enum):
        return repr(str(value.value))
    if isinstance(value, str):
        return repr(str(value))
    if isinstance(value, tuple | list):
        return f"({', '.join(map(_told, value))})"
    if isinstance(value, frozenset | set):
        return f"{{{', '.join(sorted(map(_told, value)))}}}"
    if isinstance(value, dict):
        return f"{{{', '.join(sorted(f'{_told(key)}: {_told(each)}' for key, each in value.items()))}}}"
    return repr(value)
