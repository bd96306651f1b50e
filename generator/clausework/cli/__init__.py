"""Arguments in, exit code out.

`voice` is how everything is told, `workspace` which folders a command works on, and every
other module is a handful of commands.  Nothing but click is imported before a command runs.

Exit codes: 0 fine, 1 findings, 2 wrong usage or an environment that doesn't let us work,
130 interrupted.
"""

import sys
from typing import NoReturn

import click

from clausework.cli import (
    building,
    completing,
    counting,
    exploring,
    exporting,
    looking,
    showing,
    simulating,
    starting,
)
from clausework.cli.voice import tool_version
from clausework.cli.workspace import unknown

_SECTIONS = {
    "Every day": ("build", "check", "explore", "simulate", "sequences"),
    "One thing at a time": ("generate", "draw", "schema", "matrix", "ledger", "export"),
    "Starting": ("new", "stub", "completion"),
    "Looking things up": ("rules", "explain"),
}


class _Sections(click.Group):
    """Commands in the order in which people need them, not in that of the alphabet."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if not ctx.resilient_parsing and args[0] not in self.commands and not args[0].startswith("-"):
            unknown("command", args[0], self.commands)
        return super().resolve_command(ctx, args)

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, names in _SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name, self.commands[name].get_short_help_str(80)) for name in names])


def _print_version(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        click.echo(f"clausework {tool_version()}")
        context.exit()


@click.group(cls=_Sections, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Show the version."
)
def clausework() -> None:
    """A communication standard as data that runs: proved, generated, drawn and tested from YAML.

    \b
    clausework new ping        a first small specification in spec/ping
    clausework build           read, check, explore, generate and draw all of spec/
    clausework check           only look for mistakes
    clausework explore ping    every interleaving, with the shortest way to each failure

    \b
    Exit codes: 0 fine, 1 findings, 2 wrong usage or environment, 130 interrupted.
    """


_MODULES = (building, exploring, simulating, exporting, showing, counting, starting, looking, completing)

for _command in (command for module in _MODULES for command in module.COMMANDS):
    clausework.add_command(_command)


def main() -> NoReturn:
    """The entry point: as `clausework.main`, but an interrupt is one line, and no text can be unprintable."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = clausework.main(prog_name="clausework", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("clausework: interrupted", err=True)
        sys.exit(130)
    sys.exit(code if isinstance(code, int) else 0)
