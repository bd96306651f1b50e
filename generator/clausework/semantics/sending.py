"""Where messages go: from whom an effect names to the links of the party."""

from collections.abc import Iterator

from clausework.expr.evaluate import chosen, evaluate
from clausework.expr.nodes import Value
from clausework.model.machine import Send, ToEach, ToLink, ToParty, ToRole, Whom
from clausework.semantics.configuration import Message
from clausework.semantics.view import View

One = ToRole | ToParty | ToLink


def receivers(whom: Whom, view: View) -> Iterator[tuple[View, One]]:
    """One by one; with `each`, the element is known by its name: the message's fields may speak of it."""
    if not isinstance(whom, ToEach):
        yield view, whom
        return
    for element in _elements(view, whom):
        yield view.binding(whom.variable, element), whom.to


def messages(send: Send, view: View) -> Iterator[Message]:
    """The message, or every message of a list, in order."""
    if send.each_in is None:
        yield Message(str(send.message), tuple(evaluate(value, view) for _, value in send.fields))
        return
    stored = evaluate(send.each_in, view)
    for each in stored if isinstance(stored, tuple) else ():
        if isinstance(each, Message):
            inside = view._replace(message=each)
            yield Message(str(send.message), tuple(evaluate(value, inside) for _, value in send.fields))


def way(view: View, whom: One, message: Message) -> tuple[int | None, str]:
    """The link that a message takes, None if there is none; and whom it reaches, or would have."""
    numbers, called = _links(view, whom)
    for number in numbers:
        link = view.system.links[number]
        if number in view.seen and view.system.carries(link, message.name):
            return number, str(view.system.parties[link.other(view.party)].name)
    return None, called


def links_seen(view: View, whom: Whom) -> list[int]:
    """All links to somebody that this end sees: what `close` closes."""
    return [number for inside, one in receivers(whom, view) for number in _links(inside, one)[0] if number in view.seen]


def _links(view: View, whom: One) -> tuple[list[int], str]:
    match whom:
        case ToRole(role=role):
            links = view.system.links_of(view.party)
            return [each.number for each in links if view.system.plays(each.other(view.party), role)], str(role)
        case ToParty(party=expression):
            party = evaluate(expression, view)
            if party is None:
                return [], "nobody"
            far = view.system.number_of(party)
            return [each.number for each in view.system.links_to(view.party, far)], str(party)
        case ToLink(link=expression):
            link = evaluate(expression, view)
            return [link] if isinstance(link, int) else [], "connection"


def _elements(view: View, whom: ToEach) -> list[Value]:
    elements = list(chosen(whom.domain, whom.variable, whom.where, view))
    if whom.best is None or not elements:
        return elements
    value, highest = whom.best
    ranked = [(evaluate(value, view.binding(whom.variable, element)), element) for element in elements]
    numbers = [rank for rank, _ in ranked if isinstance(rank, int)]
    best = max(numbers) if highest else min(numbers)
    return [element for rank, element in ranked if rank == best]
