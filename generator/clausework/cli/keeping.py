"""Failures that were found, kept as files of the user's own."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from clausework.cli.voice import Voice
from clausework.diagnostics import Diagnostic

if TYPE_CHECKING:
    from clausework.model.sequence import Check
    from clausework.model.standard import Flow, Standard
    from clausework.semantics.verdict import Exploration, Verdict


def named(exploration: "Exploration") -> "Iterator[tuple[str, Verdict]]":
    """The verdicts that have a run, each with a name that is a word of its own."""
    seen: Counter[str] = Counter()
    for verdict in exploration.verdicts:
        if verdict.trace:
            words = dict.fromkeys((exploration.flow, exploration.check, verdict.kind, verdict.name))
            name = re.sub(r"[^a-z0-9]+", "_", "_".join(words).lower().replace(".yaml", "")).strip("_")
            seen[name] += 1
            yield name if seen[name] == 1 else f"{name}_{seen[name]}", verdict


def kept(
    voice: Voice,
    folder: Path,
    standard: "Standard",
    found: "Iterable[tuple[tuple[Flow, Check], Exploration]]",
) -> tuple[Diagnostic, ...]:
    """Whatever fails, a sequence and a test each; nothing that is there already is written again."""
    from clausework import files
    from clausework.pipeline import runs

    outputs = []
    for (flow, check), exploration in found:
        for name, verdict in named(exploration):
            if verdict.diagnostic is None or verdict.expected:
                continue
            result = runs.kept(standard, flow, check, verdict, name)
            outputs += [files.Output(folder / each.path, each.text.encode()) for each in result.artifacts]
            for problem in result.problems:
                voice.say(f"not written: {problem}")
    new = [each for each in outputs if not each.path.exists()]
    for each in outputs:
        if each not in new:
            voice.say(f"{each.path} is there already")
    problems = files.write(new).diagnostics
    for each in new if not problems else ():
        voice.say(f"written: {each.path}")
    return problems
