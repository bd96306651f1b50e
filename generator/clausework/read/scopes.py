"""What the words of a machine's expressions mean, at each place of it."""

from dataclasses import dataclass, field, replace

from clausework.expr import nodes
from clausework.expr.scope import MachineView, Scope
from clausework.expr.types import Enumeration, Link, MessageOf, Party, Text
from clausework.model.machine import Enters, Field, Leaves, Receive, Trigger
from clausework.model.standard import Message
from clausework.read.form import Form
from clausework.read.names import MachineOutline, Names
from clausework.read.rules import REPEATED_NAME
from clausework.read.tree import Scalar
from clausework.source import Name, RoleName


@dataclass
class Words:
    """`base` is what means the same everywhere in the machine."""

    names: Names
    outline: MachineOutline
    form: Form
    columns: tuple[Field, ...]
    base: Scope = field(init=False)

    def __post_init__(self) -> None:
        self.base = self._scope()

    def with_message(self, message: Message, sender: RoleName | None) -> Scope:
        """The scope of `receive M`: its fields, unless the machine has a word of that name, and its sender."""
        ends = [one for one, other in message.directions if self.names.related(other, self.outline.role)]
        role = sender or (ends[0] if ends else self.outline.role)
        words: dict[str, nodes.Expr] = {
            str(each.name): nodes.MessageField(name=each.name, type=each.type) for each in message.fields
        }
        fields = {
            ("message", str(each.name)): nodes.MessageField(name=each.name, type=each.type) for each in message.fields
        }
        words |= self.base.words
        words["sender"] = nodes.Sender(type=Party(role))
        words.setdefault("connection", nodes.Connection(type=Link()))
        words["kind"] = nodes.MessageKind(type=Text())
        words["message"] = nodes.ReceivedMessage(type=MessageOf(message.name))
        return replace(self.base, words=words, fields=fields)

    def of_event(self, trigger: Trigger) -> Scope:
        """The words that a command or another machine's crossing adds."""
        words = dict(self.base.words)
        match trigger:
            case Receive():
                raise AssertionError("messages have their own scope")
            case Enters(flow=flow) | Leaves(flow=flow):
                keys = self.names.outlines[flow].machines if flow in self.names.outlines else ()
                if any(isinstance(type_, Link) for each in keys for _, type_ in each.view.keys):
                    words.setdefault("connection", nodes.Connection(type=Link()))
        command = self.outline.commands.get(getattr(trigger, "name", ""))
        for argument in command.arguments if command else ():
            if argument.name in words and not isinstance(words[argument.name], nodes.Parameter):
                message = f"argument `{argument.name}` has the name of something of the machine"
                self.names.problems.report(REPEATED_NAME, message, argument.name.span)
            words[argument.name] = nodes.Argument(name=argument.name, type=argument.type)
        return replace(self.base, words=words)

    def of_any_message(self) -> Scope:
        words: dict[str, nodes.Expr] = {
            **self.base.words,
            "sender": nodes.Sender(type=Party(self.outline.role)),
            "connection": self.base.words.get("connection", nodes.Connection(type=Link())),
        }
        return replace(self.base, words=words)

    def _scope(self) -> Scope:
        view = self.outline.view
        words: dict[str, nodes.Expr] = {}
        for name, parameter in self.names.parameters.items():
            words[name.split(".")[-1]] = nodes.Parameter(name=parameter.name, type=parameter.type)
        words["me"] = nodes.Me(type=Party(self.outline.role))
        words["state"] = nodes.CurrentState(type=Enumeration(view.states))
        for key, type_ in view.keys:
            words[key] = nodes.Key(name=key, type=type_)
        columns = {each.name for each in self.columns}
        for variable, type_ in view.variables.items():
            leaf = nodes.Column if variable in columns else nodes.Variable
            words[variable] = leaf(name=Name(variable), type=type_)
        return Scope(
            words=words,
            machines=self._machines(),
            own=view,
            after=frozenset(view.variables),
            parties=self.names.parties(),
            definitions={
                str(name): tree.text for name, tree in self.form.pairs("definitions") if isinstance(tree, Scalar)
            },
        )

    def _machines(self) -> dict[str, MachineView]:
        """The machine of each flow that a party of this role also runs; the one of the same name first."""
        found: dict[str, MachineView] = {}
        for name, outline in self.names.outlines.items():
            mine = [each for each in outline.machines if self.names.related(each.role, self.outline.role)]
            mine.sort(key=lambda each: each.name != self.outline.name)
            if mine:
                found.setdefault(name.split(".")[-1], mine[0].view)
                found[name] = mine[0].view
        return found
