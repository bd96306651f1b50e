"""simulate: one run of a check, step by step, by hand or by chance."""

import sys
from typing import TYPE_CHECKING

import click

from clausework.cli.exploring import progress, show
from clausework.cli.voice import FINDINGS, Voice, exit_code, voiced
from clausework.cli.walking import Dialogue, Lines
from clausework.cli.workspace import Workspace, complete_flow, complete_specification, located, sound, unknown
from clausework.diagnostics import Diagnostic

if TYPE_CHECKING:
    from clausework.model.sequence import Check
    from clausework.model.standard import Flow, Standard


@click.command(short_help="Go step by step through what can happen; or at random.")
@click.argument("spec", shell_complete=complete_specification)
@click.argument("check", required=False, shell_complete=complete_flow)
@click.option("--seed", type=int, default=1, show_default=True, metavar="S", help="The same seed, the same steps.")
@click.option(
    "--steps",
    type=click.IntRange(min=1),
    metavar="N",
    help="Take N steps at random, ask nothing, and tell what they met.",
)
@located
@voiced
def simulate(voice: Voice, workspace: Workspace, spec: str, check: str | None, seed: int, steps: int | None) -> None:
    """Walk through a check of SPEC: see where everybody stands and what can happen now, choose, go back, go on.

    CHECK is the name of a check, of a flow (its first check), or both as FLOW.CHECK; without it, it is the first there
    is. At the prompt, `help` lists what can be said; a file or a pipe may say it. The steps are those that `explore`
    searches, so a failure that it found can be walked through, and a path be saved as a sequence.

    \b
    Examples:
      clausework simulate doorbell
      clausework simulate xmpp subscription.two_servers
      printf '1\\n1\\nsave ringing\\n' | clausework simulate doorbell
      clausework simulate dhcp lease --steps 100000 --seed 7
    """
    from clausework.pipeline import runs

    standard = sound(workspace, spec, voice)
    flow, one = _named(standard, spec, check)
    if steps is not None:
        _sampled(voice, standard, flow, one, steps, seed)
    if voice.format != "text":
        raise click.UsageError("`--format` is for a walk at random: say `--steps N`, too")
    walk = runs.walk(standard, flow, one)
    if isinstance(walk, Diagnostic):
        voice.complain([walk])
        raise click.exceptions.Exit(FINDINGS)
    Dialogue(voice, standard, walk, seed).run(Lines(sys.stdin))


COMMANDS = (simulate,)


def _sampled(voice: Voice, standard: "Standard", flow: "Flow", check: "Check", steps: int, seed: int) -> None:
    from clausework import pipeline
    from clausework.emit.exports import verdicts
    from clausework.pipeline import runs

    with progress(voice, f"{flow.name}, {check.name}") as told:
        found = runs.sampled(standard, flow, check, steps, seed, told)
    findings = pipeline.findings_of(found)
    show(voice, found)
    if voice.format != "text":
        voice.tell(findings, {"explorations": [verdicts.as_json(found)]})
    raise click.exceptions.Exit(exit_code(findings))


def _named(standard: "Standard", spec: str, name: str | None) -> "tuple[Flow, Check]":
    from clausework import pipeline

    every = tuple(pipeline.questions(standard))
    if not every:
        raise click.ClickException(f"`{spec}` has no flow with a machine")
    if name is None:
        return every[0]
    whole = {f"{flow.name}.{check.name}": (flow, check) for flow, check in every}
    if name in whole:
        return whole[name]
    of_flow = [each for each in every if each[0].name == name]
    of_check = [path for path, each in whole.items() if each[1].name == name]
    if len(of_check) > 1 and not of_flow:
        raise click.UsageError(f"several flows have a check {name!r}: say {' or '.join(map(repr, of_check))}")
    if not of_flow and not of_check:
        flows = {str(flow.name) for flow, _ in every}
        unknown("flow or check", name, {*whole, *flows, *(str(one.name) for _, one in every)})
    return of_flow[0] if of_flow else whole[of_check[0]]
