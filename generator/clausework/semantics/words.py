"""What things of a system are called where they are shown: messages, fields, keys, links."""

from collections.abc import Iterator

from clausework.expr.nodes import Value
from clausework.expr.show import show_value
from clausework.semantics.configuration import Message
from clausework.semantics.space import Space
from clausework.semantics.system import System


def short_name(name: str) -> str:
    return name.rpartition(".")[2]


def machine_words(system: System, number: int) -> str:
    """A machine by its name; by its flow's, where several flows are at work, as that is what tells a party's apart."""
    machine, every = system.programs[number].machine, [each.machine for each in system.programs]
    if len({each.flow for each in every}) == 1:
        return str(machine.name)
    flow = short_name(str(machine.flow))
    alone = sum((short_name(str(each.flow)), each.role) == (flow, machine.role) for each in every) == 1
    return flow if alone else f"{flow}.{machine.name}"


def field_words(space: Space, message: Message) -> Iterator[tuple[str, str]]:
    fields = space.system.messages[message.name].fields
    for each, value in zip(fields, message.values, strict=True):
        yield str(each.name), show_value(value)


def key_words(space: Space, party: int, key: tuple[Value, ...]) -> str:
    """A key in words: a link by the party at its other end, and its place among those to it."""
    words = []
    for value in key:
        if isinstance(value, int) and not isinstance(value, bool) and value < len(space.system.links):
            link = space.system.links[value]
            if party in (link.client, link.server):
                other = str(space.system.parties[link.other(party)].name)
                words.append(f"{other}.{link.slot + 1}" if _slots(space, value) > 1 else other)
            else:
                words.append(str(value))
        else:
            words.append(show_value(value))
    return ", ".join(words)


def link_words(space: Space, number: int) -> str:
    """A link by its connection, and its place among those of it."""
    link = space.system.links[number]
    return f"{link.connection} {link.slot + 1}" if _slots(space, number) > 1 else link.connection


def _slots(space: Space, number: int) -> int:
    """How many links there are like this one."""
    link = space.system.links[number]
    same = (link.connection, link.client, link.server)
    return sum((each.connection, each.client, each.server) == same for each in space.system.links)
