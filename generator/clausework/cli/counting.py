"""ledger: how completely a standard is modelled."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clausework.cli.exploring import progress
from clausework.cli.voice import FINDINGS, FINE, PLAIN_VOICE, exit_code, wants_colour
from clausework.cli.workspace import (
    Workspace,
    complete_entry,
    complete_specification,
    producing,
    sound,
    unknown,
)

if TYPE_CHECKING:
    from clausework.emit.ledger import Ledger
    from clausework.model.standard import Standard
    from clausework.semantics.record import FlowRecord


@click.command(short_help="Say how completely a standard is modelled, entry by entry.")
@click.argument("spec", shell_complete=complete_specification)
@click.argument("what", nargs=-1, shell_complete=complete_entry)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "json", "html"]),
    default="text",
    show_default=True,
    help="How it is written; html is one file, with the figures in it.",
)
@click.option("--brief", is_flag=True, help="In text: only the totals, the contents and what is missing.")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write it there.")
@click.option(
    "--tests",
    type=click.Path(path_type=Path),
    metavar="DIR",
    default="tests",
    show_default=True,
    help="Where Python tests are, which may name elements; they are read, not run.",
)
@click.option(
    "--color",
    "--colour",
    "color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Colour in text; auto heeds NO_COLOR, FORCE_COLOR and TERM=dumb.",
)
@producing
def ledger(
    workspace: Workspace,
    spec: str,
    what: tuple[str, ...],
    form: str,
    brief: bool,
    output: Path | None,
    tests: Path,
    color: str,
) -> None:
    """Show for every entry of the contents of SPEC what models it, what is generated of that, and what exercises it.

    And the other way round: for every element, which entries it is from. WHAT narrows it: a clause (with all below
    it), `figure 4`, `table 1`, the name of an element, a file, or FILE:LINE.

    The exit code is 1 if an entry has no element and doesn't say why, an element has no source, or no sequence shows a
    transition. What explorations found is taken from the last build, for flows that have not changed since; of the
    others, sequences are looked for now.

    \b
    Examples:
      clausework ledger xmpp --brief
      clausework ledger igrs-remote-access 10.3 'figure 4'
      clausework ledger igrs-remote-access spec/igrs-remote-access/flows/08-login.yaml:34
      clausework ledger igrs-remote-access --format html --output ledger.html
      clausework ledger dhcp --format json | jq '.gaps[]'
    """
    from clausework import files
    from clausework.emit import ledger as forms
    from clausework.pipeline import ledgers

    standard = sound(workspace, spec, PLAIN_VOICE)
    texts = dict(files.python_in(tests))
    whole = ledgers.ledger(standard, _records(workspace, standard), texts)
    shown = _narrowed(whole, what) if what else whole
    match form:
        case "json":
            text = forms.as_json(shown)
        case "markdown":
            text = forms.as_markdown(shown)
        case "html":
            text = forms.as_html(shown, _pictures(workspace, shown))
        case _:
            paint = forms.coloured if wants_colour(color) and output is None else forms.plain
            text = forms.as_text(shown, paint, brief=brief)
    if output is None:
        click.echo(text, nl=False, color=form == "text" and wants_colour(color))
    else:
        found = files.write([files.Output(output, text.encode())]).diagnostics
        if found:
            PLAIN_VOICE.complain(found)
            raise click.exceptions.Exit(exit_code(found))
    raise click.exceptions.Exit(FINDINGS if shown.gaps else FINE)


COMMANDS = (ledger,)


def _records(workspace: Workspace, standard: "Standard") -> "tuple[FlowRecord, ...]":
    """What was kept, and of flows that changed since, what can be said without exploring."""
    from clausework import files
    from clausework.model.standard import own
    from clausework.pipeline import ledgers

    kept = files.read_text(workspace.ledgers / f"{Path(standard.folder).name}.json")
    known = {each.flow: each for each in ledgers.current(standard, kept)}
    for flow in own(standard.flows):
        if str(flow.name) not in known:
            with progress(PLAIN_VOICE, f"{flow.name}: its sequences") as told:
                known[str(flow.name)] = ledgers.shown(standard, flow, told)
    return tuple(known[str(flow.name)] for flow in own(standard.flows))


def _pictures(workspace: Workspace, shown: "Ledger") -> Mapping[str, str]:
    from clausework import files

    folder = workspace.diagrams / Path(shown.folder).name
    names = dict.fromkeys(name for entry in shown.entries for name in entry.drawings[:1])
    return {name: text for name in names if (text := files.read_text(folder / f"{name}.svg"))}


def _narrowed(whole: "Ledger", what: tuple[str, ...]) -> "Ledger":
    from clausework.emit.ledger import narrowed, nothing_called

    for each in what:
        if nothing_called(whole, each):
            names = [entry.name for entry in whole.entries] + [element.name for element in whole.elements]
            unknown("entry or element", each, names)
    return narrowed(whole, what)
