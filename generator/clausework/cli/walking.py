"""The dialogue of `simulate`: a line in, what came of it out."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, TextIO

import click

from clausework.cli.exploring import progress
from clausework.cli.voice import Voice

if TYPE_CHECKING:
    from clausework.explore.walking import Walk
    from clausework.model.standard import Standard
    from clausework.semantics.verdict import Verdict

PROMPT = "> "

_HELP = """\
  NUMBER             take this step; several numbers, one after the other
  undo [N]           one step back, or N
  redo [N]           the steps undone again
  restart            to the start; `redo` knows the way
  random [N]         N steps by chance
  look               where everybody stands, and what can happen
  path               the steps so far
  explore            explore the check; lists what it found that can be walked through
  follow N           walk to the end of the Nth of these; `undo` goes back along it
  save NAME [FILE]   the path as a sequence, shown or written
  quit               or the end of the input
"""


class Lines:
    """What is typed, line by line; a pipe's lines are shown after the prompt, so that its output can be read."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.typed = stream.isatty()

    def __iter__(self) -> Iterator[str]:
        if self.typed:
            with suppress(ImportError):  # what gives `input` its history isn't everywhere
                import readline  # noqa: F401 - it is enough that it is loaded
        while (line := self._line()) is not None:
            yield line.strip()

    def _line(self) -> str | None:
        if self.typed:
            try:
                return input(PROMPT)
            except EOFError:
                click.echo()
                return None
        line = self.stream.readline()
        if line:
            click.echo(f"{PROMPT}{line.rstrip()}")
        return line or None


class Dialogue:
    """`found` are the verdicts that can be walked through, once the check has been explored."""

    def __init__(self, voice: Voice, standard: "Standard", walk: "Walk", seed: int) -> None:
        self.voice = voice
        self.standard = standard
        self.walk = walk
        self.chance = Random(seed)  # noqa: S311 - to be the same again is what is wanted
        self.found: tuple[Verdict, ...] = ()
        self.commands: dict[str, Callable[[list[str]], None]] = {
            "undo": self._undo,
            "redo": self._redo,
            "restart": self._restart,
            "random": self._random,
            "look": self._look,
            "path": self._path,
            "explore": self._explore,
            "follow": self._follow,
            "save": self._save,
            "help": self._help,
        }

    def run(self, lines: Iterable[str]) -> None:
        """To `quit`, the end of the lines, or Ctrl-C."""
        system = self.walk.space.system
        parties = ", ".join(f"{each.name} ({each.role})" for each in system.parties)
        self.voice.say(f"{system.flow.name}, {system.check.name}: {parties}")
        try:
            self._look([])
            for line in lines:
                if line in _LEAVING:
                    return
                self._said(line.split())
        except KeyboardInterrupt:
            click.echo()

    def _said(self, words: list[str]) -> None:
        if not words:
            self._look([])
        elif _is_number(words[0]):
            self._take(words)
        elif (command := _meant(words[0], self.commands)) is not None:
            self._called(command, words[1:])
        else:
            close = get_close_matches(words[0], self.commands, n=1)
            hint = f"did you mean `{close[0]}`?" if close else "`help` lists what there is"
            self.voice.say(f"nothing is called `{words[0]}`; {hint}")

    def _called(self, command: str, words: list[str]) -> None:
        if command in _COUNTED and words and not _is_number(words[0]):
            self.voice.say(f"`{command}` wants a number, not `{words[0]}`")
        else:
            self.commands[command](words)

    # -- steps

    def _take(self, numbers: list[str]) -> None:
        """One step after the other, up to the first that can't be taken."""
        from clausework.emit.exports import walks

        for word in numbers:
            moves, before = self.walk.moves(), self.walk.moment()
            if not _is_number(word) or not 0 < int(word) <= len(moves):
                there = f"1 to {len(moves)} can be chosen" if moves else "nothing can happen any more"
                self.voice.say(f"there is no step `{word}`: {there}")
                return
            move = moves[int(word) - 1]
            if not move.happens:
                why = "; ".join(move.fails) or f"there is no room on the way to {move.waits}"
                self.voice.say(f"this can't happen: {why}")
                return
            self.walk.take(move.step)
            self.voice.say(walks.step(move.told, before))
        self._look([])

    def _undo(self, words: list[str]) -> None:
        self._moved(self.walk.undo(_number(words)), "back")

    def _redo(self, words: list[str]) -> None:
        self._moved(self.walk.redo(_number(words)), "on")

    def _restart(self, _words: list[str]) -> None:
        self.walk.restart()
        self._look([])

    def _random(self, words: list[str]) -> None:
        before = len(self.walk.path)
        taken = self.walk.wander(_number(words), self.chance)
        self._path([], since=before)
        if taken < _number(words):
            self.voice.say(f"  nothing more can happen after {_steps(taken)}")
        self._look([])

    def _moved(self, steps: int, where: str) -> None:
        self.voice.say(f"{_steps(steps)} {where}" if steps else "there is nothing to go there for")
        self._look([])

    # -- looking

    def _look(self, _words: list[str]) -> None:
        from clausework.emit.exports import walks

        now = self.walk.moment()
        self.voice.say(walks.standing(now))
        self.voice.say(walks.choices(self.walk.moves(), now))

    def _path(self, _words: list[str], since: int = 0) -> None:
        from clausework.emit.exports import walks

        self.voice.say(walks.path(self.walk.trace(), since))

    def _help(self, _words: list[str]) -> None:
        self.voice.say(_HELP)

    # -- what the search found

    def _explore(self, _words: list[str]) -> None:
        from clausework import pipeline
        from clausework.emit.exports import verdicts

        system = self.walk.space.system
        with progress(self.voice, f"{system.flow.name}, {system.check.name}") as told:
            exploration = pipeline.explore(self.standard, system.flow, system.check, told)
        self.found = tuple(each for each in exploration.verdicts if each.trace is not None)
        self.voice.say(f"  {verdicts.extent(exploration)}")
        for number, each in enumerate(self.found, 1):
            steps = _steps(len(each.trace.steps)) if each.trace is not None else ""
            self.voice.say(f"  {number:>3}  {each.kind} {each.name}: {each.outcome}, {steps}")
        if not self.found:
            self.voice.say("  nothing that could be walked through")

    def _follow(self, words: list[str]) -> None:
        from clausework.pipeline import runs

        if not self.found:
            self.voice.say("nothing is known to be followed: `explore` first")
            return
        number = _number(words)
        if not 0 < number <= len(self.found):
            self.voice.say(f"there is no verdict `{number}`: 1 to {len(self.found)} can be followed")
            return
        verdict = self.found[number - 1]
        if not runs.retraced(self.walk, verdict):
            self.voice.say("it doesn't begin where we do: it can't be followed from the start")
            return
        self._path([])
        if verdict.diagnostic is not None:
            self.voice.say(f"  {verdict.diagnostic.message}\n")
        self._look([])

    # -- keeping

    def _save(self, words: list[str]) -> None:
        from clausework.emit.exports import walks
        from clausework.model.language import RESERVED
        from clausework.pipeline import runs

        flow = self.walk.space.system.flow
        if len(words) not in (1, 2) or not re.fullmatch("[a-z][a-z0-9_]*", words[0]) or words[0] in RESERVED:
            self.voice.say("say `save NAME` or `save NAME FILE`; a name is a word of a-z, digits and _")
            return
        if words[0] in {str(each.name) for each in flow.sequences}:
            self.voice.say(f"`{flow.name}` has a sequence `{words[0]}` already")
            return
        saved = runs.saved(self.walk, words[0])
        if saved.sequence is None:
            self.voice.say(f"this path is no sequence: {saved.problem}")
            return
        text = walks.sequence(saved.sequence, frozenset(str(each.flow) for each in flow.machines))
        if saved.left_out:
            self.voice.say(f"# without {_steps(saved.left_out)} of other sessions")
        if saved.found:
            self.voice.say(f"# possible, in check `{saved.check}`")
        else:
            why = f": {saved.doubt.help}" if saved.doubt is not None and saved.doubt.help else ""
            self.voice.say(f"# not found in check `{saved.check}`, where sequences are looked for{why}")
        self._written(Path(words[1]), text) if len(words) > 1 else self.voice.say(text)

    def _written(self, path: Path, text: str) -> None:
        from clausework import files

        if path.exists():
            self.voice.say(f"{path} is there already: nothing was written")
            return
        for problem in files.write([files.Output(path, text.encode())]).diagnostics:
            self.voice.show(problem)
            return
        self.voice.say(f"written to {path}")


_COUNTED = frozenset({"undo", "redo", "random", "follow"})
_LEAVING = frozenset({"quit", "exit", "q"})


def _meant(word: str, commands: Iterable[str]) -> str | None:
    """A command, or the only one that begins so."""
    fitting = [each for each in commands if each.startswith(word)]
    return word if word in fitting else fitting[0] if len(fitting) == 1 else None


def _is_number(word: str) -> bool:
    """One that anybody would type: Python reads no longer ones than it likes."""
    return word.isdecimal() and len(word) < 10


def _number(words: list[str]) -> int:
    return int(words[0]) if words else 1


def _steps(number: int) -> str:
    return f"{number:,} step{'s' * (number != 1)}"
