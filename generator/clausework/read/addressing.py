"""Which instance takes a message: one expression for each component of the key, over the message and its sender."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from clausework.expr import nodes
from clausework.expr.scope import Scope
from clausework.expr.types import Boolean, Link, ListOf, Optional, Party, Type, plain
from clausework.model.machine import Addressing, Disposition, Ignore
from clausework.model.standard import Message
from clausework.read.names import Names
from clausework.read.phrases import Phrases
from clausework.read.rules import BAD_KEY
from clausework.read.scopes import Words
from clausework.read.tree import Entries, Scalar
from clausework.source import MessageName, Name, RoleName

Listed = tuple[Message, RoleName | None, Name | None]
"""A message that the machine speaks of; the role, and the part of the flow, that it must come from."""

_NOBODY = (Name("nobody"), nodes.Literal(value=(), type=ListOf(Boolean())))
"""A response that no instance waits for is ignored: it names none."""


@dataclass
class Addresses:
    """`listed` are the messages that the machine has a trigger or a disposition for.

    `stale`: what happens to responses that nobody waits for any more; nothing, unless it is said.

    `each`: for a message and a key, the list or set whose elements are that key, one instance for each.
    """

    names: Names
    words: Words
    phrases: Phrases
    listed: list[Listed]
    each: dict[tuple[str, str], nodes.Expr]
    stale: tuple[tuple[MessageName, Disposition], ...]

    def addressing(self) -> Iterator[Addressing]:
        done: set[tuple[str, str]] = set()
        for message, sender, lifeline in self.listed:
            for one, other in message.directions:
                if not self.names.related(other, self.words.outline.role):
                    continue
                if sender is not None and not self.names.related(one, sender):
                    continue
                if (message.name, one) in done:
                    continue
                done.add((message.name, one))
                keys = [self._key(message, one, lifeline, name, type_) for name, type_ in self.words.outline.view.keys]
                if None in keys and self._finds_its_request(message):
                    yield Addressing(message=message.name, sender=one, keys=(), each=_NOBODY)
                elif None not in keys:
                    yield Addressing(
                        message=message.name,
                        sender=one,
                        keys=tuple(key for key in keys if key is not None),
                        each=self._each(message.name),
                    )

    def _each(self, message: str) -> tuple[Name, nodes.Expr] | None:
        return next(((Name(key), items) for (one, key), items in self.each.items() if one == message), None)

    def _key(
        self, message: Message, sender: RoleName, lifeline: Name | None, name: Name, type_: Type
    ) -> nodes.Expr | None:
        if (message.name, name) in self.each:
            return nodes.Local(name=name, type=type_)
        scope = self.words.with_message(message, sender)
        text = self._said_key(name, message, sender)
        if text is not None:
            maybe = Optional(type_)  # a field that isn't given names no instance
            return self.phrases.expression(text, replace(scope, words={**scope.words, **_as_message(scope)}), maybe)
        if isinstance(type_, Link):
            return nodes.Connection(type=Link())
        fields = {str(each.name): each for each in message.fields}
        if name in fields:
            return nodes.MessageField(name=name, type=fields[name].type)
        role = plain(type_)
        if lifeline == name or (isinstance(role, Party) and self.names.related(role.role, sender) and lifeline is None):
            return nodes.Sender(type=type_)
        if self._finds_its_request(message):
            return None
        self.names.problems.report(
            BAD_KEY,
            f"nothing says which `{name}` a `{message.name}` from `{sender}` is about",
            name.span,
            f"say where: `one per: {{{name}: {{{message.name}: message.field}}}}`",
        )
        return None

    def _finds_its_request(self, message: Message) -> bool:
        """A response needs no key: the instance that asked takes it.  But somebody may want a stale one."""
        said = next((each for name, each in self.stale if name == message.name), Ignore())
        return message.answers is not None and isinstance(said, Ignore)

    def _said_key(self, name: Name, message: Message, sender: RoleName) -> Name | None:
        tree = self.words.form.tree("one per")
        if not isinstance(tree, Entries):
            return None
        value = {str(key): each for key, each in tree.entries}[name]
        if isinstance(value, Scalar):
            return value.text or None
        said = {str(key): each for key, each in value.entries} if isinstance(value, Entries) else {}
        for key in (str(message.name), f"from {sender}", f"from {sender.split('.')[-1]}", str(message.parent or "")):
            found = said.get(key)
            if isinstance(found, Scalar):
                return found.text
        return None


def _as_message(scope: Scope) -> dict[str, nodes.Expr]:
    """For `one per`: the message's own fields, whatever the machine calls its keys."""
    return {name: leaf for (owner, name), leaf in scope.fields.items() if owner == "message"}
