"""What explorations of a standard's flows found, short enough to be kept beside what is generated.

Transitions go by the names of `model.transitions.called`.  A flow's part is worth something only as long as the flow is
as it was: `fingerprint` says how.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRecord:
    """`expected` of so many `verdicts` are as they should be; `exercised`: the transitions that were taken.

    `under_all_names`: how many configurations there are, if of those that differ in names one was looked at; else 0.
    """

    check: str
    configurations: int
    steps: int
    depth: int
    complete: bool
    expected: int
    verdicts: int
    exercised: frozenset[str]
    under_all_names: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceRecord:
    """`possible`: it was found; `shows`: the transitions that it takes."""

    sequence: str
    possible: bool
    shows: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class StandInRecord:
    """What was found of the claim that a flow stands for `flow`: over so many configurations of so many of its checks.

    `included`: in each of these checks, whatever is seen of it is seen of the stand-in.
    """

    flow: str
    checks: int
    configurations: int
    included: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowRecord:
    """`sequences` are the positive ones.  Without `checks`, nothing but the sequences was looked for.

    `large_checks` may be older than the others.
    """

    flow: str
    fingerprint: str
    checks: tuple[CheckRecord, ...]
    sequences: tuple[SequenceRecord, ...]
    stands_for: StandInRecord | None = None
    large_checks: tuple[CheckRecord, ...] = ()


def as_text(records: Iterable[FlowRecord], remark: str) -> str:
    """JSON.  Names of transitions stand there once; elsewhere they are numbers, `1-4 7`."""
    flows = tuple(records)
    names = dict.fromkeys(name for flow in flows for name in sorted(_names(flow)))
    numbers = {name: number for number, name in enumerate(names, 1)}
    return (
        json.dumps(
            {
                "comment": remark,
                "transitions": list(names),
                "flows": [
                    {
                        "flow": flow.flow,
                        "fingerprint": flow.fingerprint,
                        "checks": [_check_data(each, numbers) for each in flow.checks],
                        "large_checks": [_check_data(each, numbers) for each in flow.large_checks],
                        "sequences": [
                            {
                                "sequence": each.sequence,
                                "possible": each.possible,
                                "shows": _ranges(each.shows, numbers),
                            }
                            for each in flow.sequences
                        ],
                        **({"stands_for": asdict(flow.stands_for)} if flow.stands_for is not None else {}),
                    }
                    for flow in flows
                ],
            },
            indent=1,
            ensure_ascii=False,
        )
        + "\n"
    )


def _names(flow: FlowRecord) -> set[str]:
    return {
        name
        for inside in (
            *(each.exercised for each in (*flow.checks, *flow.large_checks)),
            *(each.shows for each in flow.sequences),
        )
        for name in inside
    }


def _check_data(each: CheckRecord, numbers: Mapping[str, int]) -> dict[str, Any]:
    return {
        "check": each.check,
        "configurations": each.configurations,
        "steps": each.steps,
        "depth": each.depth,
        "complete": each.complete,
        "expected": each.expected,
        "verdicts": each.verdicts,
        "exercised": _ranges(each.exercised, numbers),
        **({"under_all_names": each.under_all_names} if each.under_all_names else {}),
    }


def _ranges(names: Iterable[str], numbers: Mapping[str, int]) -> str:
    runs: list[list[int]] = []
    for number in sorted(numbers[name] for name in names):
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return " ".join(str(low) if low == high else f"{low}-{high}" for low, high in runs)


def from_text(text: str) -> tuple[FlowRecord, ...]:
    """What `as_text` wrote; nothing, if it is something else, or was changed by hand so that it can't be read."""
    try:
        data = json.loads(text)
        names = data["transitions"]
        return tuple(
            FlowRecord(
                flow=str(flow["flow"]),
                fingerprint=str(flow["fingerprint"]),
                checks=tuple(_check(each, names) for each in flow["checks"]),
                large_checks=tuple(_check(each, names) for each in flow["large_checks"]),
                sequences=tuple(
                    SequenceRecord(
                        sequence=str(each["sequence"]),
                        possible=bool(each["possible"]),
                        shows=_named(each["shows"], names),
                    )
                    for each in flow["sequences"]
                ),
                stands_for=_stand_in(flow["stands_for"]) if "stands_for" in flow else None,
            )
            for flow in data["flows"]
        )
    except (ValueError, KeyError, TypeError, IndexError):
        return ()


def _check(data: Mapping[str, Any], names: list[str]) -> CheckRecord:
    return CheckRecord(
        check=str(data["check"]),
        configurations=int(data["configurations"]),
        steps=int(data["steps"]),
        depth=int(data["depth"]),
        complete=bool(data["complete"]),
        expected=int(data["expected"]),
        verdicts=int(data["verdicts"]),
        exercised=_named(data["exercised"], names),
        under_all_names=int(data.get("under_all_names", 0)),
    )


def _stand_in(data: Mapping[str, Any]) -> StandInRecord:
    return StandInRecord(
        flow=str(data["flow"]),
        checks=int(data["checks"]),
        configurations=int(data["configurations"]),
        included=bool(data["included"]),
    )


def _named(ranges: str, names: list[str]) -> frozenset[str]:
    found: set[str] = set()
    for each in ranges.split():
        low, _, high = each.partition("-")
        found.update(names[int(low) - 1 : int(high or low)])
    return frozenset(found)
