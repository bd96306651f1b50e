"""new, stub: something to start from."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from clausework.cli.voice import CANNOT, FINDINGS, FINE, PLAIN_VOICE, exit_code
from clausework.cli.workspace import Workspace, complete_flow, complete_specification, element_named, located, sound

if TYPE_CHECKING:
    from clausework.emit.python import StubChange

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@click.command(short_help="Write a first small specification.")
@click.argument("name")
@located
def new(workspace: Workspace, name: str) -> None:
    """Write a small specification to start from: spec/NAME, two roles, one flow, one check.

    NAME is lower case, with hyphens. What is there already is never overwritten.

    \b
    Examples:
      clausework new ping
      clausework build
    """
    from clausework import files
    from clausework.cli.starter import starter
    from clausework.model.language import RESERVED

    folder = workspace.spec / name
    if name in RESERVED:
        raise click.UsageError(f"{name!r} is a word of the language; use another one")
    if not _NAME.fullmatch(name):
        raise click.UsageError(f"{name!r} is no name of a specification; use lower-case words joined by hyphens")
    if folder.exists():
        raise click.UsageError(f"{folder} exists already; nothing was written")
    outputs = [files.Output(folder / path, text.encode()) for path, text in starter(name)]
    written = files.write(outputs)
    voice = PLAIN_VOICE
    voice.tell(written.diagnostics)
    if written.diagnostics:
        raise click.exceptions.Exit(CANNOT)
    for path in written.changed:
        voice.say(str(path))
    voice.say("now: clausework build")


@click.command(short_help="Write a handler to be completed.")
@click.argument("spec", shell_complete=complete_specification)
@click.argument("flow", shell_complete=complete_flow)
@click.argument("role")
@click.option(
    "-o",
    "--output",
    "target",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="Where to; else FLOW_ROLE.py here. `-` prints it.",
)
@located
def stub(workspace: Workspace, spec: str, flow: str, role: str, target: Path | None) -> None:
    """Write what an implementer of ROLE in FLOW has to complete: a module with every hook, empty.

    It is yours from then on: it is never written again. If FILE exists, nothing is written; instead you are told
    which hooks it lacks, and which of its hooks the specification doesn't know any more.

    \b
    Examples:
      clausework stub xmpp subscription server
      clausework stub xmpp subscription server      # again, after a new edition: what changed?
      clausework stub xmpp subscription server -o home/roster.py
    """
    from clausework import files, pipeline
    from clausework.model.standard import own

    voice = PLAIN_VOICE
    standard = sound(workspace, spec, voice)
    chosen = element_named("flow", own(standard.flows), flow)
    machine = element_named("machine", chosen.machines, role)
    artifact = pipeline.stub(standard, chosen, machine)
    if str(target) == "-":
        click.echo(artifact.text, nl=False)
        return
    target = target or Path(f"{chosen.name}_{machine.name}.py")
    written = files.read_text(target)
    if written is not None:
        _compare(target, lambda: pipeline.stub_report(standard, chosen, machine, written))
    done = files.write([files.Output(target, artifact.text.encode())])
    voice.tell(done.diagnostics)
    voice.say("" if done.diagnostics else f"{target} is yours now")
    raise click.exceptions.Exit(exit_code(done.diagnostics))


def _compare(target: Path, report: "Callable[[], StubChange]") -> NoReturn:
    """Says what somebody's file lacks; their file is looked at, never written."""
    try:
        change = report()
    except SyntaxError as error:
        click.echo(f"{target}:{error.lineno or 1}: this is not Python: {error.msg}")
        raise click.exceptions.Exit(FINDINGS) from None
    for name in change.new:
        click.echo(f"{target} lacks `{name}`")
    for name in change.gone:
        click.echo(f"{target} has `{name}`, which is never called")
    for name, found, wanted in change.changed:
        click.echo(f"{target} has `{name}({found})`; it is called as `{name}({wanted})`")
    if not change:
        click.echo(f"{target} has every hook")
    raise click.exceptions.Exit(FINDINGS if change else FINE)


COMMANDS = (new, stub)
