"""The folders that a command works on, and the specifications in them, found by the names that people type."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import wraps
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Concatenate, NoReturn, ParamSpec, TypeVar

import click

from clausework.cli.voice import CANNOT, FINDINGS, Voice, exit_code
from clausework.diagnostics import Diagnostic, Severity

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from clausework.files import Loaded
    from clausework.model.machine import Machine
    from clausework.model.sequence import Check
    from clausework.model.standard import Flow, Standard
    from clausework.pipeline import Examined

_P = ParamSpec("_P")
_Named = TypeVar("_Named", "Flow", "Check", "Machine")


@dataclass(frozen=True, slots=True)
class Workspace:
    """`spec` is read; in the others every standard has a folder of its own."""

    spec: Path
    generated: Path = Path("generated")
    diagrams: Path = Path("diagrams")

    @property
    def packages(self) -> Path:
        return self.generated / "clausework_standards"

    @property
    def ledgers(self) -> Path:
        return self.generated / "ledger"

    @property
    def schemas(self) -> Path:
        return self.spec / "schemas"


@dataclass(frozen=True, slots=True)
class Opened:
    """What was found in the specification folder, read and checked."""

    loaded: "Loaded"
    examined: "Examined"

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return (*self.loaded.diagnostics, *self.examined.diagnostics)

    def about(self, names: Sequence[str]) -> tuple[Diagnostic, ...]:
        """The findings in the specifications named; all of them if none is.

        If one of them could not be read, errors elsewhere, too: it may stand on what is wrong there.
        """
        kept = {folder_named(self.loaded.folders, name).name for name in names}
        read = {Path(standard.folder).name for standard in self.examined.standards}
        return tuple(
            one
            for one in self.diagnostics
            if not kept
            or one.span is None
            or _folder(one.span.source.path) in kept
            or (one.severity is Severity.ERROR and not kept <= read)
        )


def _folder(path: str) -> str:
    """The specification that a file belongs to."""
    parent = PurePosixPath(path).parent
    return parent.parent.name if parent.name == "flows" else parent.name


def opened(workspace: Workspace) -> Opened:
    from clausework import files, pipeline

    loaded = files.load(workspace.spec)
    return Opened(loaded, pipeline.examine(loaded.files))


def sound(workspace: Workspace, name: str, voice: Voice) -> "Standard":
    """The standard of that name, without errors; otherwise its findings are told, and we are done."""
    found = opened(workspace)
    folder = _one_folder(found, name, voice)
    for standard in found.examined.sound:
        if Path(standard.folder).name == folder.name:
            return standard
    voice.complain(found.about([name]))
    raise click.exceptions.Exit(exit_code(found.about([name])) or FINDINGS)


def _one_folder(found: Opened, name: str, voice: Voice) -> Path:
    if not found.loaded.folders:
        voice.complain(found.loaded.diagnostics)
        raise click.exceptions.Exit(CANNOT)
    return folder_named(found.loaded.folders, name)


def folder_named(folders: Iterable[Path], name: str) -> Path:
    """`igrs-remote-access`, `igrs_remote_access` and `spec/igrs-remote-access/` all name the same."""
    by_name = {folder.name: folder for folder in folders}
    wanted = Path(name).name
    for each, folder in by_name.items():
        if wanted in {each, each.replace("-", "_")}:
            return folder
    return unknown("specification", name, by_name)


def element_named(kind: str, elements: Iterable[_Named], name: str) -> _Named:
    by_name = {str(element.name): element for element in elements}
    return by_name[name] if name in by_name else unknown(kind, name, by_name)


def unknown(kind: str, name: str, known: Iterable[str]) -> NoReturn:
    """Wrong usage: says what was probably meant, or else what there is."""
    names = sorted(known)
    close = get_close_matches(name, names, n=3)
    hint = f"did you mean {_either(close)}?" if close else f"there is {', '.join(names)}" if names else "there is none"
    raise click.UsageError(f"there is no {kind} {name!r}; {hint}")


def _either(names: Sequence[str]) -> str:
    return " or ".join(repr(name) for name in names)


# -- what commands take


def located(command: Callable[Concatenate[Workspace, _P], None]) -> Callable[_P, None]:
    """Gives a command `--spec-folder`, and hands it a `Workspace` before its own arguments."""
    return _placed(command, "spec")


def producing(command: Callable[Concatenate[Workspace, _P], None]) -> Callable[_P, None]:
    """As `located`, with the folders for outputs, too."""
    return _placed(command, "diagrams", "generated", "spec")


def _placed(command: Callable[Concatenate[Workspace, _P], None], *names: str) -> Callable[_P, None]:
    @wraps(command)
    def placed(*args: _P.args, **kwargs: _P.kwargs) -> None:
        folders = {name: _path(kwargs.pop(f"{name}_folder")) for name in names}
        command(Workspace(**folders), *args, **kwargs)

    for name in names:
        click.option(
            f"--{name}-folder", type=click.Path(path_type=Path), default=name, show_default=True, help=_FOLDERS[name]
        )(placed)
    return placed


_FOLDERS = {
    "diagrams": "Where diagrams are put.",
    "generated": "Where generated packages are put.",
    "spec": "Where the specifications are.",
}


def _path(value: object) -> Path:
    assert isinstance(value, Path)
    return value


def complete_specification(
    context: click.Context, _parameter: click.Parameter, incomplete: str
) -> "list[CompletionItem]":
    from click.shell_completion import CompletionItem

    folder = Path(context.params.get("spec_folder") or "spec")
    names = sorted(each.parent.name for each in folder.glob("*/standard.yaml"))
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]


def complete_flow(context: click.Context, _parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """By reading no more than the first words of each file: a completion must not be felt."""
    from click.shell_completion import CompletionItem

    folder = Path(context.params.get("spec_folder") or "spec") / str(context.params.get("spec") or "") / "flows"
    names = [_flow_in(path) for path in sorted(folder.glob("*.yaml"))]
    return [CompletionItem(name) for name in names if name and name.startswith(incomplete)]


def complete_entry(context: click.Context, _parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Entries of the contents, as far as they stand on a line each."""
    from click.shell_completion import CompletionItem

    from clausework.files import read_text

    folder = Path(context.params.get("spec_folder") or "spec") / str(context.params.get("spec") or "")
    kind, found = "", []
    for line in (read_text(folder / "standard.yaml") or "").splitlines():
        if line and not line.startswith((" ", "#")):
            kind = _KINDS.get(line.removesuffix(":"), "none")
        elif kind != "none" and (entry := re.match(r'  "?([^":]+)"?: ', line)):
            found.append(f"{kind} {entry[1]}".strip())
    return [CompletionItem(name) for name in found if name.lower().startswith(incomplete.lower())]


_KINDS = {"clauses": "", "figures": "Figure", "tables": "Table", "statements": "statement"}


def _flow_in(path: Path) -> str:
    from clausework.files import read_text

    lines = (read_text(path) or "").splitlines()
    return next((line.removeprefix("flow:").strip() for line in lines if line.startswith("flow:")), "")
