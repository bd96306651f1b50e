"""rules, explain, matrix: looking things up."""

import json
import shutil
from typing import TYPE_CHECKING

import click

from clausework.cli.voice import PLAIN_VOICE, Voice, every_rule, voiced
from clausework.cli.workspace import (
    Workspace,
    complete_flow,
    complete_specification,
    element_named,
    located,
    sound,
    unknown,
)
from clausework.diagnostics import Rule

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def _complete_rule(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    from click.shell_completion import CompletionItem

    return [CompletionItem(rule.slug, help=rule.summary) for rule in every_rule() if rule.slug.startswith(incomplete)]


@click.command(short_help="List all kinds of findings.")
@voiced
def rules(voice: Voice) -> None:
    """List every kind of finding, with its severity.

    \b
    Examples:
      clausework rules
      clausework rules --format json
    """
    known = every_rule()
    if voice.format == "json":
        click.echo(json.dumps([_as_data(rule) for rule in known], indent=2, ensure_ascii=False))
        return
    width = max(len(rule.slug) for rule in known)
    for rule in known:
        click.echo(f"{rule.slug:<{width}}  {rule.severity:<7}  {rule.summary}")


@click.command(short_help="Explain a kind of finding.")
@click.argument("rule", shell_complete=_complete_rule)
@voiced
def explain(voice: Voice, rule: str) -> None:
    """Print the page of RULE: what it means, why it matters, what to do.

    RULE is the word in brackets: `error[unknown-state]`.

    \b
    Examples:
      clausework explain unknown-state
      clausework explain 'error[unknown-state]'
    """
    known = {each.slug: each for each in every_rule()}
    wanted = rule.rpartition("[")[2].removesuffix("]")
    found = known[wanted] if wanted in known else unknown("rule", wanted, known)
    if voice.format == "json":
        click.echo(json.dumps(_as_data(found), indent=2, ensure_ascii=False))
        return
    text = f"# {found.slug}\n\n*{found.severity}*: {found.summary}\n\n{found.page.strip()}\n"
    click.echo(_rendered(text) if voice.coloured else text, nl=False, color=voice.coloured)


def _rendered(markdown: str) -> str:
    from rich.console import Console
    from rich.markdown import Markdown

    console = Console(force_terminal=True)
    with console.capture() as captured:
        console.print(Markdown(markdown))
    return captured.get()


def _as_data(rule: Rule) -> dict[str, str]:
    return {"rule": rule.slug, "severity": str(rule.severity), "summary": rule.summary, "page": rule.page}


@click.command(short_help="Show what happens in each state on each message.")
@click.argument("spec", shell_complete=complete_specification)
@click.argument("flow", shell_complete=complete_flow)
@click.argument("role", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
    help="How it is written.",
)
@located
def matrix(workspace: Workspace, spec: str, flow: str, role: str | None, form: str) -> None:
    """Show every state x message of the machines of FLOW: no cell is empty.

    A cell says to which state the message leads, or that it is ignored, deferred, rejected or claimed to be
    impossible; and, if the state doesn't say so itself, from where it has that.

    \b
    Examples:
      clausework matrix xmpp subscription
      clausework matrix xmpp subscription server --format markdown > review.md
    """
    from clausework import pipeline
    from clausework.emit.exports import tables
    from clausework.model.standard import own

    standard = sound(workspace, spec, PLAIN_VOICE)
    chosen = element_named("flow", own(standard.flows), flow)
    machines = (element_named("machine", chosen.machines, role),) if role else chosen.machines
    made = [pipeline.matrix(standard, machine) for machine in machines]
    match form:
        case "json":
            text = tables.as_json(made)
        case "markdown":
            text = "\n".join(tables.as_markdown(each) for each in made)
        case _:
            columns = shutil.get_terminal_size((120, 24)).columns
            text = "\n".join(tables.as_text(each, columns) for each in made)
    click.echo(text, nl=False)


COMMANDS = (matrix, rules, explain)
