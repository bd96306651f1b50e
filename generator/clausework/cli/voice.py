"""How a command tells what it found: in which format, in colour or not, and with which exit code."""

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import wraps
from importlib.metadata import PackageNotFoundError, version
from types import MappingProxyType
from typing import Any, Concatenate, ParamSpec

import click

from clausework.diagnostics import Diagnostic, Rule, Severity
from clausework.diagnostics.order import tally

FINE, FINDINGS, CANNOT = 0, 1, 2

_P = ParamSpec("_P")

_FORMAT = click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "sarif", "github"]),
    default="text",
    help="How findings are told: to people, to scripts, to code scanners, or as annotations on GitHub.",
)
_COLOR = click.option(
    "--color",
    "--colour",
    "color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Colour in texts; auto heeds NO_COLOR, FORCE_COLOR and TERM=dumb.",
)


@dataclass(frozen=True, slots=True)
class Voice:
    """`format` is text, json, sarif or github; `coloured` what `--color` and the environment ask for."""

    format: str
    coloured: bool

    def say(self, text: str) -> None:
        """Something for people, on standard output; silent in the formats for machines."""
        if self.format == "text":
            click.echo(text, color=self.coloured)

    def tell(self, diagnostics: Iterable[Diagnostic], more: Mapping[str, Any] = MappingProxyType({})) -> None:
        """All findings at once; `more` are further parts of the JSON object."""
        found = tuple(diagnostics)
        click.echo(self._text(found, more), nl=False, color=self.coloured)

    def complain(self, diagnostics: Iterable[Diagnostic]) -> None:
        """As `tell`, on standard error: for commands whose standard output is something else."""
        click.echo(self._text(tuple(diagnostics), {}), nl=False, err=True, color=self.coloured)

    def show(self, diagnostic: Diagnostic) -> None:
        """One finding in the midst of other text."""
        from clausework.diagnostics import render

        self.say(render.render_one(diagnostic, render.COLOURED if self.coloured else render.PLAIN))

    def _text(self, found: tuple[Diagnostic, ...], more: Mapping[str, Any]) -> str:
        from clausework.diagnostics import render, report

        match self.format:
            case "json":
                return report.as_json(found, more)
            case "sarif":
                return report.as_sarif(found, every_rule(), tool_version())
            case "github":
                return report.as_github(found)
            case _:
                shown = render.render(found, render.COLOURED if self.coloured else render.PLAIN)
                return f"{shown}\n{tally(found)}\n" if found else ""


PLAIN_VOICE = Voice("text", coloured=False)
"""For commands that have their own `--format`."""


def exit_code(diagnostics: Iterable[Diagnostic], *, strict: bool = False) -> int:
    """What cannot be read or written at all is 2, whatever else was found."""
    from clausework import files

    found = tuple(diagnostics)
    counted = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    bad = [diagnostic for diagnostic in found if diagnostic.severity in counted]
    if any(diagnostic.rule in files.RULES and diagnostic.severity is Severity.ERROR for diagnostic in bad):
        return CANNOT
    return FINDINGS if bad else FINE


def voiced(command: Callable[Concatenate[Voice, _P], None]) -> Callable[_P, None]:
    """Gives a command `--format` and `--color`, and hands it a `Voice` before its own arguments."""

    @wraps(command)
    def speaking(*args: _P.args, **kwargs: _P.kwargs) -> None:
        told, color = str(kwargs.pop("format_")), str(kwargs.pop("color"))
        command(Voice(told, wants_colour(color)), *args, **kwargs)

    for option in (_COLOR, _FORMAT):
        option(speaking)
    return speaking


def tool_version() -> str:
    try:
        return version("clausework")
    except PackageNotFoundError:  # started from a checkout that isn't installed
        return "0+unknown"


def wants_colour(choice: str) -> bool:
    """`NO_COLOR` and `FORCE_COLOR` as on no-color.org and force-color.org; the option is stronger than both."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in {"", "0"}:
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def every_rule() -> tuple[Rule, ...]:
    """By slug, so that lists of them don't change with the order of modules."""
    from clausework import files, pipeline

    return tuple(sorted((*pipeline.rules(), *files.RULES), key=lambda rule: rule.slug))
