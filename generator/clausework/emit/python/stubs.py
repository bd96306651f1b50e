"""The implementer's file: written once, theirs from then on.

It holds a class with all hooks of one machine.  When the standard changes, the file isn't touched: `stub_report`
parses it and says which hooks are new, gone, or have another signature.
"""

import ast
import re
from typing import NamedTuple

from clausework.emit.artifact import Artifact
from clausework.emit.python.answers import answers_of
from clausework.emit.python.events import events
from clausework.emit.python.headers import modelled_on
from clausework.emit.python.hooks import Hook, decision_methods, notification_methods
from clausework.emit.python.imports import Imports, Places
from clausework.emit.python.members import members
from clausework.emit.python.package import modules, written
from clausework.emit.python.types import Types, names_of
from clausework.emit.python.words import docstring, identifier, package_name
from clausework.model.machine import Machine
from clausework.model.standard import Flow, Standard


class StubChange(NamedTuple):
    """Hooks by name; `changed` are (name, as it is, as it should be).  False if there is nothing to say."""

    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    changed: tuple[tuple[str, str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.new or self.gone or self.changed)


def stub(standard: Standard, flow: Flow, machine: Machine) -> Artifact:
    """A class that has every hook of the machine, none of them done yet."""
    package = f"clausework_standards.{package_name(standard)}"
    module = next(word for each, word in modules(standard) if each.name == flow.name)
    imports = Imports(Places(siblings=package))
    types = Types(names_of(standard), imports, "stub")
    parts = members(machine)
    hooks = _hooks(standard, flow, machine, types)
    for each in answers_of(flow, Types(types.names, Imports(Places()), "flow")):
        if any(re.search(rf"\b{each.annotation}\b", line) for hook in hooks for line in hook.head):
            imports.take(f"{package}.{module}", each.annotation)
    if any(f'"{parts.handler}"' in line for hook in hooks for line in hook.head):
        imports.take(f"{package}.{module}", parts.handler)
    told = [
        f"What `{machine.name}` of `{flow.name}` decides, and what it does when it is told something.",
        modelled_on(standard),
        (
            "This file is yours: clausework wrote it once and never writes it again. Give an instance of the class to "
            f"`{parts.handler}`, and the effects of its steps to `clausework.runtime.deliver`."
        ),
    ]
    view: dict[str, object] = {
        "header": "\n".join(docstring(told, 0)),
        "imports": imports.lines(),
        "name": f"{parts.handler}Hooks",
        "doc": docstring([f"The hooks of `{parts.handler}`."], 4),
        "hooks": hooks,
    }
    return written(f"{identifier(flow.name)}_{identifier(machine.name)}.py", "stub.py.jinja", view)


def stub_report(standard: Standard, flow: Flow, machine: Machine, existing_text: str) -> StubChange:
    """What the implementer's file lacks, has too much, or has otherwise.  SyntaxError if it cannot be parsed.

    Annotations that the implementer left out are not missed; module names before a type don't matter.
    """
    wanted = _signatures(stub(standard, flow, machine).text)
    found = _signatures(existing_text)
    changed = tuple(
        (name, ast.unparse(found[name].args), ast.unparse(wanted[name].args))
        for name in wanted
        if name in found and not _same(found[name], wanted[name])
    )
    return StubChange(
        new=tuple(name for name in wanted if name not in found),
        gone=tuple(name for name in found if name not in wanted),
        changed=changed,
    )


def _hooks(standard: Standard, flow: Flow, machine: Machine, types: Types) -> list[Hook]:
    parts = members(machine)
    answers = answers_of(flow, Types(types.names, Imports(Places()), "flow"))
    happenings = events(standard, machine, parts)
    return [*decision_methods(flow, parts, happenings, types, answers), *notification_methods(machine, types)]


_Function = ast.FunctionDef | ast.AsyncFunctionDef


def _signatures(text: str) -> dict[str, _Function]:
    """The hooks in any class of a file."""
    classes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ClassDef)]
    methods = [node for each in classes for node in each.body if isinstance(node, _Function)]
    return {each.name: each for each in methods if each.name.startswith(("decide_", "on_"))}


def _same(found: _Function, wanted: _Function) -> bool:
    if type(found) is not type(wanted) or found.args.vararg or found.args.kwarg:
        return False
    mine, theirs = _arguments(found), _arguments(wanted)
    if [name for name, _ in mine] != [name for name, _ in theirs]:
        return False
    pairs = [(one, other) for (_, one), (_, other) in zip(mine, theirs, strict=True)]
    pairs.append((found.returns, wanted.returns))
    return all(one is None or other is None or _plain(one) == _plain(other) for one, other in pairs)


def _arguments(function: _Function) -> list[tuple[str, ast.expr | None]]:
    arguments = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    return [(each.arg, each.annotation) for each in arguments]


class _Plain(ast.NodeTransformer):
    """`messages.Hello` and `"Hello"` are `Hello`."""

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        return ast.Name(id=node.attr)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return self.visit(ast.parse(node.value, mode="eval").body) if isinstance(node.value, str) else node


def _plain(annotation: ast.expr) -> str:
    return ast.dump(_Plain().visit(ast.parse(ast.unparse(annotation), mode="eval").body)).replace(", ctx=Load()", "")
