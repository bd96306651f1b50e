"""`parties.py`: for each role a class that runs all of its machines, with what they need as typed arguments."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from clausework.emit.python.code import Brackets, Code, Prefixed, frozen, laid_out
from clausework.emit.python.flow_view import needs_of
from clausework.emit.python.headers import element, folder, header
from clausework.emit.python.imports import Imports, Places
from clausework.emit.python.members import Members, members
from clausework.emit.python.part_view import carried, part_name
from clausework.emit.python.types import Names, Types
from clausework.emit.python.words import class_name, constant, distinct, docstring, identifier, package_name, quoted
from clausework.expr import nodes
from clausework.model.machine import Machine
from clausework.model.standard import Flow, Role, Standard, is_a, named, own

_RESERVED = ("Final", "Self", "Directory", "Party", "Plan", "Role", "Peer")
Modules = dict[str, str]


@dataclass(frozen=True, slots=True)
class _Run:
    """A machine that a party runs: where its handler is, in the standard that declares it."""

    standard: Standard
    flow: Flow
    machine: Machine
    prefix: str
    module: str
    members: Members

    @property
    def hooks(self) -> str:
        return f"{identifier(self.flow.name).strip('_')}_decisions"


def parties(standard: Standard, names: Names, places: Places, modules: Modules) -> dict[str, object]:
    """`modules`: the flows that have one, and its name."""
    imports = Imports(places)
    types = Types(names, imports, "parties")
    running = _running(standard, names, modules)
    shown = [
        _party(standard, role, title, list(_of(standard, role, running)), types)
        for role, title in _titles(standard, running)
    ]
    if shown:
        for name in ("Final", "Self"):
            imports.take("typing", name)
        imports.take(f"{places.runtime}.party", "Party")
        imports.take(f"{places.runtime}.keeping", "load")
    return {
        "header": header(
            standard,
            f"Whole parties of {standard.name}: all machines of a role, run together.",
            folder(standard) + "/",
            "See `clausework.runtime.party` for what they do." if not places.runtime.startswith(".") else "",
        ),
        "tables": list(_tables(standard, types)) if shown else [],
        "parties": shown,
        "imports": imports.lines(),
    }


def party_names(standard: Standard, names: Names, modules: Modules) -> dict[str, str]:
    """The class of each role that has one."""
    return {str(role.name): title for role, title in _titles(standard, _running(standard, names, modules))}


def constructors(
    standard: Standard, names: Names, modules: Modules, wanted: Collection[str]
) -> dict[str, tuple[str, tuple[str, ...]]]:
    """For each of these roles that has a class: its name, and the names of what it is made with."""
    types = Types(names, Imports(Places()), "parties")
    running = _running(standard, names, modules)
    titles = _titles(standard, running)
    made: dict[str, dict[str, Any]] = {
        str(role.name): _party(standard, role, title, list(_of(standard, role, running)), types)
        for role, title in titles
        if role.name in wanted
    }
    return {role: (each["name"], each["arguments"]) for role, each in made.items()}


def _titles(standard: Standard, running: list[_Run]) -> list[tuple[Role, str]]:
    """The roles that run a machine, and what their classes are called."""
    roles = [role for role in own(standard.roles) if not role.abstract and list(_of(standard, role, running))]
    titles = distinct((class_name(role.name) for role in roles), _RESERVED, "Party")
    return list(zip(roles, titles, strict=True))


def _running(standard: Standard, names: Names, modules: Modules) -> list[_Run]:
    """Our own flows and all that they use, however far; a machine that is extended, in its last form."""
    found: dict[tuple[str, str], _Run] = {}
    flows = _flows(standard)
    for flow in sorted(flows, key=lambda each: each.extends is not None):
        for machine in flow.machines:
            found[machine.flow, machine.name] = _run(standard, flow, machine, names, modules)
    return list(found.values())


def _flows(standard: Standard) -> list[Flow]:
    found: dict[str, Flow] = {}
    waiting = [*own(standard.flows)]
    while waiting:
        flow = waiting.pop(0)
        if str(flow.name) not in found:
            found[str(flow.name)] = flow
            waiting += [named(standard.flows, name) for name in flow.uses]
    return list(found.values())


def _run(standard: Standard, flow: Flow, machine: Machine, names: Names, modules: Modules) -> _Run:
    owner, word = names.owner(str(flow.name))
    prefix = str(flow.name).removesuffix(word)
    if owner is names:
        return _Run(standard, flow, machine, "", modules[word], members(machine, standard))
    theirs = owner.standard
    inner = next(each for each in theirs.flows if each.name == word)
    own_machine = next(each for each in inner.machines if each.name == machine.name)
    return _Run(theirs, inner, own_machine, prefix, modules[str(flow.name)], members(own_machine, theirs))


def _of(standard: Standard, role: Role, running: list[_Run]) -> Iterator[_Run]:
    for each in running:
        if is_a(standard, role.name, each.prefix + each.machine.role):
            yield each


# -- one role


def _party(standard: Standard, role: Role, title: str, runs: list[_Run], types: Types) -> dict[str, object]:
    needs = [needs_of(run.standard, run.flow, run.machine) for run in runs]
    arguments = ["me: str"]
    if any("parameters" in each for each in needs):
        arguments.append(f"parameters: {types.in_vocabulary('Parameters')}")
    asking = [run for run, each in zip(runs, needs, strict=True) if "decisions" in each]
    hooks = {id(run): word for run, word in zip(asking, _distinct(asking), strict=True)}
    for run in asking:
        arguments.append(f"{hooks[id(run)]}: {_within(run, run.members.decisions, types)}")
    directory = any(_knows(run.machine) for run in runs)
    if directory:
        arguments.append(f"directory: {types.imports.take(f'{types.imports.places.runtime}.around', 'Directory')}")
    given = tuple(_given(run, each, hooks) for run, each in zip(runs, needs, strict=True))
    names = [argument.partition(":")[0] for argument in arguments]
    plan = f"_{constant(role.name)}"
    items = ("me", plan, Brackets("(", given), "directory" if directory else "None")
    restored = ("cls", "data: object", "*", *arguments)
    return {
        "arguments": tuple(names),
        "name": title,
        "plan": _plan(plan, role, runs, standard, types),
        "doc": docstring(element(role.means, role.about, *(_told(run) for run in runs)), 4),
        "init": laid_out(Brackets("def __init__(", ("self", "*", *arguments)), 4, after=" -> None:"),
        "super": laid_out(Brackets("super().__init__(", items), 8),
        "restore": laid_out(Brackets("def restore(", restored), 4, after=" -> Self:"),
        "made": laid_out(Brackets("cls(", tuple(f"{name}={name}" for name in names)), 8, "party = "),
    }


def _distinct(asking: list[_Run]) -> tuple[str, ...]:
    """Named by the flow; where a role has several machines in it that ask, by the machine, too."""
    words = [run.hooks for run in asking]
    named_ = [
        f"{identifier(run.machine.name).strip('_')}_{run.hooks}" if words.count(run.hooks) > 1 else run.hooks
        for run in asking
    ]
    return distinct(named_, ("me", "parameters", "directory"))


def _told(run: _Run) -> str:
    kept = f", one for each {' and '.join(f'`{key.name}`' for key in run.machine.keys)}" if run.machine.keys else ""
    return f"- `{run.members.handler}` of `{run.prefix}{run.flow.name}`{kept}"


def _given(run: _Run, needs: frozenset[str], hooks: dict[int, str]) -> Code:
    items: list[Code] = []
    if "parameters" in needs:
        path = "".join(f".{identifier(each)}" for each in run.prefix.split(".") if each)
        items.append(Prefixed('"parameters": ', f"parameters{path}"))
    if "decisions" in needs:
        items.append(Prefixed('"decisions": ', hooks[id(run)]))
    return Brackets("{", tuple(items), "}")


def _knows(machine: Machine) -> bool:
    """Whether it asks about parties that there may be no link to."""
    return any(
        isinstance(node, nodes.Home) or (isinstance(node, nodes.Domain) and node.what == "parties")
        for node in nodes.walk_values(machine)
    )


def _plan(name: str, role: Role, runs: list[_Run], standard: Standard, types: Types) -> list[str]:
    plan = types.imports.take(f"{types.imports.places.runtime}.plan", "Plan")
    parts = tuple(Brackets("(", (quoted(run.prefix), _within(run, part_name(run.machine), types))) for run in runs)
    items = (
        quoted(role.name),
        Brackets("(", parts),
        "roles=_ROLES",
        "connections=_CONNECTIONS",
        "carries=_CARRIES",
        *(("datagrams=_DATAGRAMS",) if any(each.datagram for each in standard.connections) else ()),
    )
    return laid_out(Brackets(f"{plan}(", items), 0, f"{name}: Final = ")


def _within(run: _Run, name: str, types: Types) -> str:
    imports = types.imports
    if not run.prefix:
        return f"{imports.sibling(run.module)}.{name}"
    return f"{imports.standard(package_name(run.standard), run.module)}.{name}"


# -- who there is, and between whom


def _tables(standard: Standard, types: Types) -> Iterator[str]:
    places = types.imports.places
    mapping = types.imports.take("collections.abc", "Mapping")
    word = types.imports.take(f"{places.runtime}.plan", "Role")
    roles = [
        Prefixed(f"{quoted(role.name)}: ", _role(standard, role, word)) for role in standard.roles if not role.abstract
    ]
    yield from laid_out(Brackets("{", tuple(roles), "}"), 0, f"_ROLES: Final[{mapping}[str, {word}]] = ")
    connections = tuple(
        Brackets("(", (quoted(each.name), quoted(each.client), quoted(each.server))) for each in standard.connections
    )
    before = "_CONNECTIONS: Final[tuple[tuple[str, str, str], ...]] = "
    yield from laid_out(Brackets("(", connections), 0, before)
    message = types.imports.runtime("Message")
    carries = tuple(_carries(standard, types))
    before = f"_CARRIES: Final[{mapping}[type[{message}], frozenset[str]]] = "
    yield from laid_out(Brackets("{", carries, "}"), 0, before)
    datagrams = tuple(quoted(each.name) for each in standard.connections if each.datagram)
    if datagrams:
        yield from laid_out(Brackets("frozenset({", datagrams, "})"), 0, "_DATAGRAMS: Final = ")


def _role(standard: Standard, role: Role, word: str) -> Code:
    plays = [str(each.name) for each in standard.roles if is_a(standard, role.name, each.name)]
    called: dict[str, str] = {}
    waiting = [str(role.name)]
    while waiting:  # the nearest first: the most that the other standard can know of it
        name = waiting.pop(0)
        prefix, dot, bare = name.rpartition(".")
        called.setdefault(prefix + dot, bare)
        waiting += [str(each) for each in named(standard.roles, name).parents]
    shown = tuple(f"{quoted(prefix)}: {quoted(bare)}" for prefix, bare in called.items())
    parts = (
        Prefixed("plays=", frozen(quoted(each) for each in plays)),
        Prefixed("called=", Brackets("{", shown, "}")),
    )
    return Brackets(f"{word}(", parts)


def _carries(standard: Standard, types: Types) -> Iterator[Code]:
    """Only what cannot go over every connection."""
    for message in standard.messages:
        over = carried(standard, message)
        if not message.abstract and len(over) < len(standard.connections):
            shown = frozen(quoted(each) for each in over)
            yield Prefixed(f"{types.message(message.name)}: ", shown)
