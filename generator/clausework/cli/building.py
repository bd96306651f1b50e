"""build, check, generate, draw, schema: from specifications to what is made of them."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import click

from clausework.cli.voice import FINDINGS, FINE, PLAIN_VOICE, Voice, exit_code, voiced
from clausework.cli.workspace import Opened, Workspace, complete_specification, folder_named, located, opened, producing
from clausework.diagnostics import Diagnostic, Severity

if TYPE_CHECKING:
    from clausework.emit.artifact import Artifact
    from clausework.files import Output
    from clausework.model.standard import Standard
    from clausework.pipeline import Kind
    from clausework.semantics.verdict import Exploration

    _Explorations = Mapping[Standard, Sequence[Exploration]]

_CHECK = click.option(
    "--check", "only_compare", is_flag=True, help="Write nothing; say whether what is there is up to date."
)
_STRICT = click.option("--strict", is_flag=True, help="Warnings count as findings, too.")


@click.command(short_help="Read, check, explore, generate and draw everything.")
@_CHECK
@_STRICT
@click.option("--quick", is_flag=True, help="Don't explore.")
@click.option(
    "--large", "again", is_flag=True, help="Explore large checks again, also where their flows are as they were."
)
@click.option(
    "-j", "--jobs", type=click.IntRange(min=1), metavar="N", help="Explore N checks at a time; else one a processor."
)
@producing
@voiced
def build(
    voice: Voice,
    workspace: Workspace,
    only_compare: bool,
    strict: bool,
    quick: bool,
    again: bool,
    jobs: int | None,
) -> None:
    """Read, check, explore, generate and draw every specification.

    Files that don't change aren't touched; generated files that nothing makes any more are removed.
    From a specification with errors nothing is made.

    \b
    Examples:
      clausework build
      clausework build --check              is what is committed up to date?
      clausework build --quick              while writing: everything but exploring
      clausework build --large              with a new version of clausework
      clausework build --format sarif > findings.sarif
    """
    from clausework import pipeline
    from clausework.cli.exploring import explored
    from clausework.emit.exports import verdicts

    if quick and again:
        raise click.UsageError("`--quick` explores nothing, `--large` more than usual")
    found = opened(workspace)
    if not found.loaded.folders:
        _finish(voice, _Done(sentence="", data={}), found.diagnostics)
    standards = found.examined.sound
    explorations: dict[Standard, list[Exploration]] = {}
    for standard, exploration in () if quick else explored(standards, voice, jobs=jobs):
        voice.say(f"{Path(standard.folder).name}: {verdicts.line(exploration)}")
        explorations.setdefault(standard, []).append(exploration)
    outputs, undrawn = _everything(workspace, standards, explorations)
    for standard, exploration in () if quick else _further(workspace, explorations, voice, again=again):
        voice.say(f"{Path(standard.folder).name}: {verdicts.line(exploration)}")
        explorations[standard].append(exploration)
    pages, outdated = _pages(workspace, standards, None if quick else explorations)
    outputs = (*outputs, *pages)
    for name in outdated:
        voice.say(f"{name}: the page with its numbers stays as it is until a build explores")
    swept = () if quick else _swept(workspace, found)
    done = _put(outputs, swept, only_compare=only_compare)
    every = [exploration for each in explorations.values() for exploration in each]
    findings = [one for each in every for one in pipeline.findings_of(each)]
    for each, found_of_it in explorations.items():
        findings += pipeline.never_exercised(each, found_of_it)
    more = {"explorations": [verdicts.as_json(exploration) for exploration in every]}
    _finish(voice, done, _but_notes(voice, (*found.diagnostics, *undrawn, *findings)), more, strict=strict)


@click.command(short_help="Look for mistakes, make nothing.")
@click.argument("spec", nargs=-1, shell_complete=complete_specification)
@_STRICT
@located
@voiced
def check(voice: Voice, workspace: Workspace, spec: tuple[str, ...], strict: bool) -> None:
    """Read specifications and look for mistakes; all of them in one run.

    SPEC is a folder in `spec/`; without it, all are checked.

    \b
    Examples:
      clausework check
      clausework check xmpp dhcp
      clausework check --format github      in a workflow
    """
    found = opened(workspace)
    diagnostics = found.about(spec)
    voice.tell(diagnostics)
    if not diagnostics:
        count = len(spec) or len(found.loaded.folders)
        voice.say(f"no findings in {count} specification{'s' * (count != 1)}")
    raise click.exceptions.Exit(exit_code(diagnostics, strict=strict))


@click.command(short_help="Only generate Python packages.")
@click.argument("spec", nargs=-1, shell_complete=complete_specification)
@click.option(
    "--standalone",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="With the runtime, for a device without clausework.",
)
@_CHECK
@producing
@voiced
def generate(
    voice: Voice, workspace: Workspace, spec: tuple[str, ...], standalone: Path | None, only_compare: bool
) -> None:
    """Generate the Python package of each SPEC (of all, without SPEC).

    \b
    Examples:
      clausework generate
      clausework generate xmpp --check
      clausework generate xmpp --standalone build/device
    """
    from clausework import pipeline

    found = opened(workspace)
    standards = _chosen(found, spec)
    if standalone:
        outputs = tuple(output for each in standards for output in _outputs(standalone, pipeline.standalone(each)))
        swept: tuple[Path, ...] = ()
    else:
        outputs = tuple(output for each in standards for output in _packages(workspace, each))
        swept = tuple(workspace.packages / _identifier(each) for each in standards)
    _finish(voice, _put(outputs, swept, only_compare=only_compare), found.about(spec))


@click.command(short_help="Only draw diagrams.")
@click.argument("spec", nargs=-1, shell_complete=complete_specification)
@click.option(
    "--format",
    "picture",
    type=click.Choice(["svg", "png", "pdf"]),
    default="svg",
    show_default=True,
    help="Beside the .dot.",
)
@_CHECK
@producing
def draw(workspace: Workspace, spec: tuple[str, ...], picture: "Kind", only_compare: bool) -> None:
    """Draw the machines, sequences and maps of each SPEC (of all, without SPEC).

    \b
    Examples:
      clausework draw
      clausework draw xmpp --format pdf --diagrams-folder /tmp/pictures
    """
    from clausework.cli.exploring import explored

    found = opened(workspace)
    standards = _chosen(found, spec)
    explorations: dict[Standard, list[Exploration]] = {}
    for standard, exploration in explored(standards, PLAIN_VOICE, refuted_only=True):
        explorations.setdefault(standard, []).append(exploration)
    outputs, undrawn = _diagrams(workspace, standards, picture, explorations)
    swept = tuple(workspace.diagrams / Path(each.folder).name for each in standards) if picture == "svg" else ()
    _finish(PLAIN_VOICE, _put(outputs, swept, only_compare=only_compare), (*found.about(spec), *undrawn))


@click.command(short_help="Only write JSON Schemas for editors.")
@_CHECK
@located
@voiced
def schema(voice: Voice, workspace: Workspace, only_compare: bool) -> None:
    """Write JSON Schemas into `spec/schemas`, so that editors complete and check specifications.

    One for each kind of file, and for the flows of each standard one that knows its names. A file
    says which is its own in its first line:

    \b
      # yaml-language-server: $schema=../../schemas/xmpp-flow.json

    \b
    Examples:
      clausework schema
      clausework schema --check
    """
    found = opened(workspace)
    outputs = tuple(_schemas(workspace, found.examined.standards))
    _finish(voice, _put(outputs, (), only_compare=only_compare), found.loaded.diagnostics)


COMMANDS = (build, check, generate, draw, schema)


# -- what is made


def _everything(
    workspace: Workspace, standards: Sequence["Standard"], explorations: "_Explorations"
) -> "tuple[tuple[Output, ...], tuple[Diagnostic, ...]]":
    packages = tuple(output for standard in standards for output in _packages(workspace, standard))
    diagrams, undrawn = _diagrams(workspace, standards, "svg", explorations)
    return (*packages, *diagrams, *_schemas(workspace, standards)), undrawn


def _packages(workspace: Workspace, standard: "Standard") -> "Iterator[Output]":
    from clausework import pipeline

    return _outputs(workspace.packages, pipeline.code(standard))


def _diagrams(
    workspace: Workspace, standards: Sequence["Standard"], kind: "Kind", explorations: "_Explorations"
) -> "tuple[tuple[Output, ...], tuple[Diagnostic, ...]]":
    from clausework import files, pipeline

    more = {standard: tuple(pipeline.refutations(found)) for standard, found in explorations.items()}
    drawn = pipeline.drawings(standards, lambda path: files.read_text(workspace.diagrams / path), kind, more)
    outputs = tuple(files.Output(workspace.diagrams / path, content) for path, content in drawn.files)
    return outputs, drawn.diagnostics


def _further(
    workspace: Workspace, explorations: "_Explorations", voice: Voice, *, again: bool
) -> "Iterator[tuple[Standard, Exploration]]":
    """Large checks of which nothing is kept; or all of them, again."""
    from clausework import files
    from clausework.cli.exploring import further
    from clausework.pipeline import ledgers

    for standard, near in explorations.items():
        kept = None if again else files.read_text(_kept(workspace, standard))
        asked = tuple(ledgers.unknown(standard, kept))
        yield from ((standard, each) for each in further(asked, standard, tuple(near), voice))


def _kept(workspace: Workspace, standard: "Standard") -> Path:
    return workspace.ledgers / f"{Path(standard.folder).name}.json"


def _pages(
    workspace: Workspace, standards: Sequence["Standard"], explorations: "_Explorations | None"
) -> "tuple[tuple[Output, ...], tuple[str, ...]]":
    """What is kept of explorations, and the page of each standard.

    Without explorations, those of standards that are as they were; the others are named.
    """
    from clausework import files
    from clausework.pipeline import ledgers

    outputs: list[Output] = []
    outdated = []
    for each in standards:
        name = Path(each.folder).name
        kept = files.read_text(_kept(workspace, each))
        if explorations is not None:
            record = ledgers.records(each, explorations.get(each, ()), kept)
            kept = record.text
            outputs += _outputs(workspace.ledgers, (record,))
        known = ledgers.current(each, kept)
        if len(known) < len(ledgers.explorable(each)):
            outdated.append(name)
            continue
        drawings = os.path.relpath(workspace.diagrams / name, workspace.ledgers).replace(os.sep, "/")
        outputs += _outputs(workspace.ledgers, (ledgers.page(each, known, drawings),))
    return tuple(outputs), tuple(outdated)


def _schemas(workspace: Workspace, standards: Iterable["Standard"]) -> "Iterator[Output]":
    from clausework import pipeline

    return _outputs(workspace.schemas, pipeline.schemas(standards))


def _outputs(folder: Path, artifacts: "Iterable[Artifact]") -> "Iterator[Output]":
    from clausework.files import Output

    return (Output(folder / artifact.path, artifact.text.encode()) for artifact in artifacts)


def _identifier(standard: "Standard") -> str:
    return Path(standard.folder).name.replace("-", "_")


def _swept(workspace: Workspace, found: Opened) -> tuple[Path, ...]:
    """Where nothing stale may lie.

    A specification with errors keeps what was made from it before, and who builds a single one doesn't mean the
    others to go; then only the folders of those that were built are swept.
    """
    single = found.loaded.folders == (workspace.spec,)
    if not single and len(found.examined.sound) == len(found.loaded.folders):
        return (workspace.packages, workspace.diagrams, workspace.schemas, workspace.ledgers)
    folders = [Path(standard.folder).name for standard in found.examined.sound]
    packages = [workspace.packages / name.replace("-", "_") for name in folders]
    return (*packages, *(workspace.diagrams / name for name in folders))


def _chosen(found: Opened, names: Sequence[str]) -> "tuple[Standard, ...]":
    wanted = {folder_named(found.loaded.folders, name).name for name in names}
    return tuple(each for each in found.examined.sound if not wanted or Path(each.folder).name in wanted)


# -- telling


@dataclass(frozen=True, slots=True, kw_only=True)
class _Done:
    """What became of the outputs: in a sentence, as JSON, and whether committed ones are out of date."""

    sentence: str
    data: Mapping[str, Any]
    diagnostics: tuple[Diagnostic, ...] = ()
    outdated: bool = False


def _put(outputs: "Sequence[Output]", swept: Iterable[Path], *, only_compare: bool) -> _Done:
    from clausework import files

    if only_compare:
        difference = files.compare(outputs, swept)
        sentence = difference.rstrip("\n") or f"all {len(outputs)} files are up to date"
        return _Done(sentence=sentence, data={"difference": difference}, outdated=bool(difference))
    written = files.write(outputs, swept)
    data = {"changed": [str(path) for path in written.changed], "removed": [str(path) for path in written.removed]}
    counts = [f"{len(paths)} {what}" for what, paths in data.items() if paths]
    sentence = ", ".join([f"{len(outputs)} files", *(counts or ["all up to date"])])
    return _Done(sentence="" if written.diagnostics else sentence, data=data, diagnostics=written.diagnostics)


def _but_notes(voice: Voice, diagnostics: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """In text, notes are only counted: `check` shows them."""
    if voice.format != "text":
        return diagnostics
    notes = [each for each in diagnostics if each.severity is Severity.NOTE]
    if notes:
        voice.say(f"{len(notes)} note{'s' * (len(notes) != 1)}, shown by `clausework check`")
    return tuple(each for each in diagnostics if each.severity is not Severity.NOTE)


def _finish(
    voice: Voice,
    done: _Done,
    diagnostics: tuple[Diagnostic, ...],
    more: Mapping[str, Any] = MappingProxyType({}),
    *,
    strict: bool = False,
) -> None:
    """Tells everything, and ends the command."""
    diagnostics = (*diagnostics, *done.diagnostics)
    voice.tell(diagnostics, {**more, **done.data})
    if done.sentence:
        voice.say(done.sentence)
    code = exit_code(diagnostics, strict=strict)
    raise click.exceptions.Exit(code or (FINDINGS if done.outdated else FINE))
