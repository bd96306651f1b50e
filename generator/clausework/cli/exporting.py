"""export: what other tools read."""

import click

from clausework.cli.exploring import asked, progress
from clausework.cli.voice import CANNOT, Voice, voiced
from clausework.cli.workspace import Workspace, complete_flow, complete_specification, located, sound


@click.group(short_help="Write a check as a model for another tool.")
def export() -> None:
    """Write a check as a model for another tool, to look for itself.

    \b
    Examples:
      clausework export promela doorbell > doorbell.pml
    """


@export.command(short_help="A model for SPIN.")
@click.argument("spec", shell_complete=complete_specification)
@click.argument("flow", required=False, shell_complete=complete_flow)
@click.option("--check", "check_name", metavar="NAME", help="This check of the flow; else the first there is.")
@click.option(
    "--most", type=click.IntRange(min=1), metavar="N", help="Give up where there are more than N configurations."
)
@located
@voiced
def promela(
    voice: Voice, workspace: Workspace, spec: str, flow: str | None, check_name: str | None, most: int | None
) -> None:
    """Write a check of SPEC as a Promela model, on standard output.

    SPIN explores it by the very steps that `clausework explore` takes; its first lines say how to run it, and the
    counts that it then tells. The check is searched to the end first, which needs a C compiler.

    \b
    Examples:
      clausework export promela doorbell > doorbell.pml
      clausework export promela dhcp lease --check lossy > lossy.pml
      spin -a lossy.pml && cc -O2 -DBFS -DSAFETY -DNOREDUCE -o pan pan.c && ./pan -E
    """
    from clausework import pipeline

    standard = sound(workspace, spec, voice)
    each, check = next(asked(standard, flow, check_name), (None, None))
    if each is None or check is None:
        raise click.ClickException(f"`{spec}` has no flow with a machine")
    with progress(voice, f"{each.name}, {check.name}"):
        text = pipeline.promela(standard, each, check, most)
    if text.problem:
        click.echo(f"clausework: check `{check.name}` can't be written: {text.problem}", err=True)
        raise click.exceptions.Exit(CANNOT)
    click.echo(text.model, nl=False)


COMMANDS = (export,)
