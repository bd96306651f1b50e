"""All files of a generated package."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined

from clausework.emit.artifact import Artifact
from clausework.emit.python.body_view import bodies, body_messages
from clausework.emit.python.flow_view import flow_module
from clausework.emit.python.headers import folder, header
from clausework.emit.python.imports import Places
from clausework.emit.python.machines_view import machines_module
from clausework.emit.python.message_view import messages
from clausework.emit.python.parties_view import parties
from clausework.emit.python.stanza_view import stanza_messages, stanzas
from clausework.emit.python.types import names_of
from clausework.emit.python.vocabulary_view import vocabulary
from clausework.emit.python.words import distinct, identifier, package_name
from clausework.model.standard import Flow, Standard, own

_OWN_MODULES = (
    "vocabulary",
    "messages",
    "parties",
    "stanzas",
    "bodies",
    "runtime",
    "shapes",
    "given",
    "typing",
    "enum",
)


def package(standard: Standard) -> Iterator[Artifact]:
    """The package of a standard, its imported ones left where they are installed."""
    yield from _package(standard, Places(), package_name(standard))


def standalone(standard: Standard) -> Iterator[Artifact]:
    """The package with the runtime, and with the packages of imported standards, inside it.

    Parsing the text of stanzas needs `defusedxml`, the classes in `*_machines` need `python-statemachine`; nothing
    else needs anything but Python.
    """
    name = package_name(standard)
    yield from _package(standard, Places(runtime=".runtime", standards="."), name)
    yield from _runtime(name)
    for each in _all_imports(standard):
        inner = package_name(each)
        yield from _package(each, Places(runtime="..runtime", standards=".."), f"{name}/{inner}")


def modules(standard: Standard) -> tuple[tuple[Flow, str], ...]:
    """The flows that a package has, and the names of their modules."""
    flows = [flow for flow in own(standard.flows) if flow.machines]
    words = [identifier(flow.name) for flow in flows]
    taken = (*_OWN_MODULES, *(f"{word}_machines" for word in words))
    return tuple(zip(flows, distinct(words, taken, "_flow"), strict=True))


def _package(standard: Standard, places: Places, path: str) -> Iterator[Artifact]:
    names = names_of(standard)
    yield written(f"{path}/__init__.py", "init.py.jinja", _map(standard))
    yield written(f"{path}/vocabulary.py", "vocabulary.py.jinja", vocabulary(standard, names, places))
    yield written(f"{path}/messages.py", "messages.py.jinja", messages(standard, names, places))
    if stanza_messages(standard):
        yield written(f"{path}/stanzas.py", "codec.py.jinja", stanzas(standard, names, places))
    if body_messages(standard):
        yield written(f"{path}/bodies.py", "codec.py.jinja", bodies(standard, names, places))
    for flow, module in modules(standard):
        yield written(f"{path}/{module}.py", "flow.py.jinja", flow_module(standard, flow, names, places))
        view = machines_module(standard, flow, module, names, places)
        yield written(f"{path}/{module}_machines.py", "machines.py.jinja", view)
    if any(flow.machines for flow in standard.flows):
        view = parties(standard, names, places, all_modules(standard))
        yield written(f"{path}/parties.py", "parties.py.jinja", view)


def all_modules(standard: Standard) -> dict[str, str]:
    """Flows that have a module, and its name.  Those of imported standards, too, under their flows' qualified names."""
    found = {str(flow.name): module for flow, module in modules(standard)}
    for each in standard.imports:
        found |= {f"{each.standard.name}.{name}": module for name, module in all_modules(each.standard).items()}
    return found


def _map(standard: Standard) -> dict[str, object]:
    """The package's docstring: what is where."""
    listed = [f"- `{module}`: {flow.title or flow.name}" for flow, module in modules(standard)]
    wire = ["- `stanzas`: messages as XMPP stanzas"] if stanza_messages(standard) else []
    wire += ["- `bodies`: messages as HTTPS requests and responses"] if body_messages(standard) else []
    return {
        "header": header(
            standard,
            f"{standard.title}.",
            folder(standard) + "/",
            "- `vocabulary`: enumerations, types, parameters",
            "- `messages`: what roles say to each other",
            *wire,
            *listed,
            *(["- `parties`: all machines of a role together"] if listed else []),
            "Each flow also has `<flow>_machines`, the same machines as python-statemachine classes.",
        )
    }


def _all_imports(standard: Standard) -> Iterator[Standard]:
    seen: set[str] = set()
    waiting = [each.standard for each in standard.imports]
    while waiting:
        each = waiting.pop(0)
        if package_name(each) not in seen:
            seen.add(package_name(each))
            waiting += [inner.standard for inner in each.imports]
            yield each


def _runtime(name: str) -> Iterator[Artifact]:
    """The runtime's modules, as they are but for where they look for each other."""
    for resource in sorted(files("clausework.runtime").iterdir(), key=lambda each: each.name):
        if resource.name.endswith(".py"):
            text = resource.read_text(encoding="utf-8")
            text = text.replace("from clausework.runtime.", "from .").replace("from clausework.runtime ", "from . ")
            yield Artifact(f"{name}/runtime/{resource.name}", text)


@cache
def _templates() -> Environment:
    """What is printed has been made safe in `words`."""
    loader = PackageLoader("clausework.emit.python")
    return Environment(  # noqa: S701  Python is printed, not HTML
        loader=loader, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, undefined=StrictUndefined
    )


def written(path: str, template: str, view: dict[str, object]) -> Artifact:
    """A template, printed."""
    text = _templates().get_template(template).render(view)
    return Artifact(path, text.strip("\n") + "\n")
