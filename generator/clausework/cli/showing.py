"""sequences: what became of them, which transitions they show, and what would show the others."""

from typing import TYPE_CHECKING

import click

from clausework.cli.exploring import progress
from clausework.cli.voice import Voice, exit_code, voiced
from clausework.cli.workspace import Workspace, complete_flow, complete_specification, element_named, located, sound

if TYPE_CHECKING:
    from clausework.diagnostics import Diagnostic
    from clausework.semantics.coverage import Coverage


@click.command(short_help="Say which transitions the sequences show; suggest some for the others.")
@click.argument("spec", shell_complete=complete_specification)
@click.argument("flow", required=False, shell_complete=complete_flow)
@click.option(
    "--suggest", is_flag=True, help="For each transition that none shows, the shortest sequence that would, to paste."
)
@click.option("--most", type=click.IntRange(min=1), metavar="N", help="Look at no more than N configurations.")
@located
@voiced
def sequences(voice: Voice, workspace: Workspace, spec: str, flow: str | None, suggest: bool, most: int | None) -> None:
    """List the sequences of SPEC: whether they are possible, and which transitions of the machines they show.

    A transition is named by its machine and its number there, in the order written. Without FLOW, all flows are listed.

    \b
    Examples:
      clausework sequences xmpp
      clausework sequences xmpp subscription --suggest
      clausework sequences doorbell --suggest >> notes.yaml
      clausework sequences xmpp --format json | jq '.flows[].transitions[] | select(.sequences == [])'
    """
    from clausework import pipeline
    from clausework.emit.exports import sequences as words
    from clausework.model.standard import own

    standard = sound(workspace, spec, voice)
    flows = (element_named("flow", own(standard.flows), flow),) if flow else own(standard.flows)
    covered = []
    for each in flows:
        with progress(voice, str(each.name)) as told:
            covered.append(pipeline.coverage(standard, each, told, most, suggest=suggest))
        _show(voice, covered[-1])
    findings = tuple(finding for each in covered for finding in _findings(each))
    if voice.format != "text":
        voice.tell(findings, {"flows": [words.as_json(each) for each in covered]})
    raise click.exceptions.Exit(exit_code(findings))


def _show(voice: Voice, coverage: "Coverage") -> None:
    from clausework.emit.exports import sequences as words

    voice.say(words.table(coverage))
    for finding in _findings(coverage):
        voice.show(finding)
    if coverage.suggested and (text := words.suggestions(coverage)):
        voice.say(f"sequences:\n{text}")


def _findings(coverage: "Coverage") -> "tuple[Diagnostic, ...]":
    found = (each.verdict.diagnostic for each in coverage.sequences)
    return tuple(each for each in (coverage.problem, *found) if each is not None)


COMMANDS = (sequences,)
