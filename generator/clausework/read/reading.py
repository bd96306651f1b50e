"""All files of a folder of specifications -> standards, or everything that is wrong with them.

Standards are read after those that they import; flows after those that they extend.  Within a standard all flows are
outlined first, so that each may look at the others' machines.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from posixpath import basename, dirname
from typing import TypeVar

from clausework.diagnostics import Diagnostic, Severity
from clausework.expr import nodes
from clausework.expr.rules import UNKNOWN_NAME
from clausework.model.about import About
from clausework.model.machine import Machine
from clausework.model.sequence import Sequence
from clausework.model.standard import Flow, Import, Standard
from clausework.read.about import about
from clausework.read.checks import read_checks
from clausework.read.claims import read_properties
from clausework.read.contents import Head, read_head
from clausework.read.form import Form, Problems
from clausework.read.machines import read_machine
from clausework.read.messages import read_messages
from clausework.read.names import Names
from clausework.read.outline import Draft, draft, outline_of
from clausework.read.qualify import qualified
from clausework.read.rules import (
    BAD_DIRECTION,
    BAD_KEY,
    CYCLIC_IMPORT,
    MISSING_FIELD,
    MISSING_FILE,
    REPEATED_NAME,
    UNKNOWN_CLAIM,
    UNKNOWN_COMMAND,
    UNKNOWN_DECISION,
    UNKNOWN_EFFECT,
    UNKNOWN_ENTITY,
    UNKNOWN_FIELD,
    UNKNOWN_FLOW,
    UNKNOWN_LIFELINE,
    UNKNOWN_MACHINE,
    UNKNOWN_MESSAGE,
    UNKNOWN_NOTIFICATION,
    UNKNOWN_PARAMETER,
    UNKNOWN_ROLE,
    UNKNOWN_SEQUENCE,
    UNKNOWN_STANDARD,
    UNKNOWN_STATE,
    UNKNOWN_TYPE,
    UNKNOWN_VARIABLE,
)
from clausework.read.sequences import read_sequences
from clausework.read.sessions import Sessions
from clausework.read.stand_ins import read_stand_in
from clausework.read.tree import Tree, tree
from clausework.read.vocabulary import read_vocabulary
from clausework.source import FlowName, Name, RoleName


@dataclass(frozen=True, slots=True)
class Reading:
    """`standards` are those without errors, in the order of their folders; what imports others is absent, too."""

    standards: tuple[Standard, ...]
    diagnostics: tuple[Diagnostic, ...]


_CONSEQUENCES = frozenset(
    rule.slug
    for rule in (
        *(UNKNOWN_ROLE, UNKNOWN_TYPE, UNKNOWN_PARAMETER, UNKNOWN_MESSAGE, UNKNOWN_FIELD, UNKNOWN_FLOW),
        *(UNKNOWN_LIFELINE, UNKNOWN_MACHINE, UNKNOWN_STATE, UNKNOWN_VARIABLE, UNKNOWN_COMMAND, UNKNOWN_NOTIFICATION),
        *(UNKNOWN_DECISION, UNKNOWN_EFFECT, UNKNOWN_ENTITY, UNKNOWN_CLAIM, UNKNOWN_SEQUENCE, UNKNOWN_NAME),
        *(BAD_DIRECTION, BAD_KEY, MISSING_FIELD),
    )
)
"""Not reported where a file of the folder could not be read: what it declares would be missing everywhere else."""


@dataclass
class _Folder:
    """`broken`: a file isn't YAML; `unread`: files that are not there or not YAML: who knows what they declare."""

    path: str
    files: dict[str, Tree]
    head: Head
    broken: bool
    unread: set[str]


def read(files: Mapping[str, bytes]) -> Reading:
    """Paths, as users know them, with their bytes; a folder with a `standard.yaml` is a standard."""
    problems = Problems()
    folders, nameless = _folders(files, problems)
    standards: dict[str, Standard] = {}
    failed: set[str] = set()
    for folder in _in_order(folders, problems):
        own = Problems()
        standard = _Reader(own, folder, standards, failed, nameless).standard()
        new = [each for each in own.found.values() if not (folder.unread and each.rule.slug in _CONSEQUENCES)]
        for each in new:
            problems.add(each)
        wrong = folder.broken or any(each.severity is Severity.ERROR for each in new)
        if standard is not None and not wrong:
            standards[folder.head.name] = standard
        else:
            failed.add(folder.head.name)
    ordered = [standards[each.head.name] for each in folders if each.head.name in standards]
    return Reading(tuple(ordered), tuple(problems.found.values()))


def _folders(files: Mapping[str, bytes], problems: Problems) -> tuple[list[_Folder], bool]:
    """The folders of standards, and whether there is one besides that doesn't tell its name."""
    folders: list[_Folder] = []
    nameless = False
    by_folder: dict[str, dict[str, bytes]] = {}
    for path in sorted(files):
        folder = dirname(dirname(path)) if _is_flow(path) else dirname(path)
        by_folder.setdefault(folder, {})[path] = files[path]
    seen: dict[str, Name] = {}
    for path, inside in by_folder.items():
        head_path = f"{path}/standard.yaml"
        if head_path not in inside:
            problems.report(
                MISSING_FILE, f"{path} has no standard.yaml", None, f"write {head_path}, or run `clausework new`"
            )
            nameless = True
            continue
        trees: dict[str, Tree] = {}
        broken, unread = False, set()
        for name, data in inside.items():
            found, _, wrong = tree(name, data)
            for each in wrong:
                problems.add(each)
            broken = broken or bool(wrong)
            if found is not None:
                trees[name] = found
            else:
                unread.add(name)
        before = len(problems.found)
        head = read_head(problems, trees[head_path]) if head_path in trees else None
        broken = broken or len(problems.found) > before
        nameless = nameless or head is None
        if head is not None and problems.first(seen, head.name, "standards"):
            folders.append(_Folder(path, trees, head, broken, unread))
    return folders, nameless


def _is_flow(path: str) -> bool:
    return basename(dirname(path)) == "flows"


def _in_order(folders: list[_Folder], problems: Problems) -> Iterator[_Folder]:
    """Imported ones first; those in a circle are reported and left out."""
    names = {str(folder.head.name) for folder in folders}
    waiting = list(folders)
    done: set[str] = set()
    while waiting:
        ready = [each for each in waiting if {str(name) for name, _ in each.head.imports} & names <= done]
        for folder in ready:
            waiting.remove(folder)
            done.add(folder.head.name)
            yield folder
        if not ready:
            for folder in waiting:
                for name, _ in folder.head.imports:
                    if name in names - done and folder.head.name in _imported(name, waiting):
                        message = f"`{folder.head.name}` stands on `{name}`, which stands on `{folder.head.name}`"
                        problems.report(CYCLIC_IMPORT, message, name.span)
            return


def _imported(start: str, folders: list[_Folder]) -> set[str]:
    """The standard itself, and all that it imports, and what they import."""
    imports = {str(folder.head.name): [str(name) for name, _ in folder.head.imports] for folder in folders}
    found: set[str] = set()
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(imports.get(name, ()))
    return found


@dataclass
class _Reader:
    problems: Problems
    folder: _Folder
    known: Mapping[str, Standard]
    failed: set[str]
    nameless: bool
    names: Names = field(init=False)
    imports: list[Import] = field(default_factory=list)
    defaults: dict[str, About] = field(default_factory=dict)
    sequences: dict[str, tuple[Sequence, ...]] = field(default_factory=dict)

    def standard(self) -> Standard | None:
        head = self.folder.head
        self.names = Names(self.problems, head.name, head.about)
        if not self._import():
            return None
        for file, reader in (("vocabulary.yaml", self._vocabulary), ("messages.yaml", read_messages)):
            path = f"{self.folder.path}/{file}"
            if path in self.folder.files:
                reader(self.names, self.folder.files[path], head.about)
                continue
            if path not in self.folder.unread:
                self.problems.report(MISSING_FILE, f"{self.folder.path} has no {file}", head.name.span)
            return None  # whatever needs it would be blamed for that
        drafts = self._drafts()
        flows = [self._flow(each) for each in drafts]
        imported = [flow for flow in self.names.flows.values() if "." in flow.name]
        return Standard(
            name=head.name,
            folder=self.folder.path,
            title=head.title,
            edition=head.edition,
            about=head.about,
            clauses=head.clauses,
            imports=tuple(self.imports),
            roles=_own_first(self.names.roles),
            connections=_own_first(self.names.connections),
            types=_own_first(self.names.types),
            parameters=_own_first(self.names.parameters),
            entities=tuple(self.names.entities.values()),
            relations=tuple(self.names.relations.values()),
            messages=_own_first(self.names.messages),
            flows=(*flows, *imported),
        )

    def _vocabulary(self, names: Names, tree: Tree, around: About) -> None:
        """Roles that play imported ones are known as such before messages go over imported connections."""
        read_vocabulary(names, tree, around)
        self._bind_roles()

    # -- what it stands on

    def _import(self) -> bool:
        for name, roles in self.folder.head.imports:
            standard = self.known.get(name)
            if standard is None and (name in self.failed or self.nameless):
                return False  # the mistakes there are reported
            if standard is None:
                possible = [each for each in self.known if each != self.folder.head.name]
                self.problems.unknown(UNKNOWN_STANDARD, f"there is no standard `{name}`", name, possible)
                return False
            bound = tuple((RoleName(theirs, theirs.span), RoleName(ours, ours.span)) for theirs, ours in roles)
            self.imports.append(Import(standard=standard, roles=bound, about=self.folder.head.about))
            for theirs, _ in bound:
                if theirs not in {each.name for each in standard.roles}:
                    possible = [str(each.name) for each in standard.roles]
                    self.problems.unknown(UNKNOWN_ROLE, f"`{name}` has no role `{theirs}`", theirs, possible)
            self._declare(standard)
        return True

    def _declare(self, standard: Standard) -> None:
        for kind in ("roles", "connections", "types", "parameters", "messages", "flows"):
            declared: dict[str, object] = getattr(self.names, kind)
            for element in getattr(standard, kind):
                moved = qualified(element, standard.name)
                declared.setdefault(moved.name, moved)
        for flow in standard.flows:
            name = FlowName(flow.name).qualified(standard.name)
            moved_flow = self.names.flows[name]
            self.names.outlines.setdefault(name, outline_of(moved_flow))

    def _bind_roles(self) -> None:
        """Our role that plays theirs is one of theirs."""
        for each in self.imports:
            for theirs, ours in each.roles:
                role = self.names.roles.get(ours)
                if role is None:
                    self.problems.unknown(UNKNOWN_ROLE, f"there is no role `{ours}`", ours, list(self.names.roles))
                    continue
                parent = RoleName(theirs, theirs.span).qualified(each.standard.name)
                self.names.roles[ours] = replace(role, parents=(*role.parents, parent))

    # -- flows

    def _drafts(self) -> list[Draft]:
        forms: dict[str, Form] = {}
        for path, found in self.folder.files.items():
            if _is_flow(path):
                form = Form(self.problems, "flow", found, "the flow")
                name = form.text("flow")
                self.defaults[path] = about(form, form.span, self.folder.head.about)
                if name is None:
                    form.required("flow")
                elif name in forms:
                    self.problems.report(REPEATED_NAME, f"there are two flows called `{name}`", name.span)
                else:
                    forms[name] = form
        drafts: dict[str, Draft] = {}
        waiting = dict(forms)
        while waiting:
            ready = [each for each, form in waiting.items() if form.text("extends") not in waiting]
            for each in ready:
                self._draft(waiting.pop(each), forms, drafts)
            if not ready:
                for each, form in waiting.items():
                    self.problems.report(CYCLIC_IMPORT, f"flow `{each}` extends itself", form.key("extends").span)
                break
        return [drafts[name] for name in forms if name in drafts]

    def _draft(self, form: Form, forms: Mapping[str, Form], drafts: dict[str, Draft]) -> None:
        text = form.text("extends")
        if text is not None and text not in drafts:
            self.problems.unknown(UNKNOWN_FLOW, f"there is no flow `{text}`", text, list(forms))
        found = draft(self.names, form, self.folder.head.about, drafts.get(text) if text else None)
        if found is not None:
            drafts[found.name] = found
            self.names.outlines[found.name] = found.outline

    def _flow(self, each: Draft) -> Flow:
        read_ones = [read_machine(self.names, each, key, value, self.defaults) for key, value in each.machines]
        machines: tuple[Machine, ...] = tuple(machine for machine in read_ones if machine is not None)
        sessions = Sessions(self.names, each.outline)
        sequences = read_sequences(sessions, each.form, each.about, self._sequence)
        self.sequences[each.name] = sequences
        checks = tuple(read_checks(sessions, each.form, each.about))
        small = tuple(check for check in checks if not check.large)
        extends = each.form.text("extends")
        return Flow(
            name=each.name,
            title=each.about.title or str(each.name),
            about=each.about,
            lifelines=tuple(each.outline.lifelines.values()),
            uses=tuple(self._uses(each, machines)),
            extends=FlowName(extends, extends.span) if extends else None,
            decisions=tuple(each.outline.decisions.values()),
            machines=machines,
            sequences=sequences,
            properties=tuple(read_properties(sessions, each.form, each.about)),
            checks=small,
            large_checks=tuple(check for check in checks if check.large),
            stands_for=read_stand_in(self.names, each, machines, small),
        )

    def _uses(self, each: Draft, machines: tuple[Machine, ...]) -> Iterator[FlowName]:
        """What the flow says that it uses, and what its machines require."""
        seen: set[str] = set()
        said = [self.names.outline(name) for name in each.outline.uses]
        required = [
            self.names.outlines.get(wanted.of.flow)
            for machine in machines
            for wanted in machine.requires
            if isinstance(wanted.of, nodes.Of)
        ]
        for outline in (*said, *required):
            if outline is not None and outline.name not in seen | {each.name}:
                seen.add(outline.name)
                yield outline.name

    def _sequence(self, path: str) -> Sequence | None:
        """`flow.name`: of a flow read before, or of an imported standard."""
        flow, _, name = path.rpartition(".")
        candidates = [*self.sequences.get(flow, ())]
        for full, imported in self.names.flows.items():
            if full == flow or full.endswith(f".{flow}"):
                candidates += imported.sequences
        return next((each for each in candidates if each.name == name), None)


_Declared = TypeVar("_Declared")


def _own_first(declared: Mapping[str, _Declared]) -> tuple[_Declared, ...]:
    return tuple(sorted(declared.values(), key=lambda each: "." in getattr(each, "name", "")))
