"""completion: what a shell needs to complete commands, specifications, flows and rules."""

import click

_VARIABLE = "_CLAUSEWORK_COMPLETE"


@click.command(short_help="Print the completion script of a shell.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the script by which SHELL completes commands, specifications, flows and rules.

    \b
    Examples:
      clausework completion bash >> ~/.bashrc
      clausework completion zsh > ~/.zfunc/_clausework
      clausework completion fish > ~/.config/fish/completions/clausework.fish
    """
    from click.shell_completion import get_completion_class

    completer = get_completion_class(shell)
    assert completer is not None
    script = completer(context.find_root().command, {}, "clausework", _VARIABLE)
    # not `script.source()`: for bash it runs the bash that is installed, to look at its version
    click.echo(script.source_template % script.source_vars())


COMMANDS = (completion,)
