"""Who says what in a flow: all messages between two roles in one direction are one arrow.  Order means nothing here."""

from collections.abc import Iterator

from clausework.emit.graphviz.lifelines import Story, Told, drawn
from clausework.emit.graphviz.rows import Bundle, Party
from clausework.emit.graphviz.sequence_diagram import messages_passed
from clausework.emit.graphviz.words import citation, here, lifeline_role, local
from clausework.expr import nodes as expr
from clausework.model import machine as model
from clausework.model import transitions as flat
from clausework.model.about import Mark
from clausework.model.standard import Flow, Lifeline, Message, Standard, is_a

Passage = tuple[str, str, str]
"""Sender, receiver, message."""


def role_map(standard: Standard, flow: Flow, *, name: str, title: str, subtitle: str) -> Told | None:
    """None for a flow in which nothing is said."""
    passages = list(dict.fromkeys([*_from_sequences(flow), *_from_machines(standard, flow)]))
    if not passages:
        return None
    order = [str(lifeline.name) for lifeline in flow.lifelines]
    speaking = {party for sender, receiver, _ in passages for party in (sender, receiver)}
    order += sorted(speaking - set(order))
    roles = {str(lifeline.name): lifeline_role(lifeline) for lifeline in flow.lifelines}
    parties = tuple(
        Party(name=party, role="" if roles.get(party, party) == party else roles[party])
        for party in order
        if party in speaking
    )
    rows = tuple(_bundles(standard, flow, passages, order))
    key = "arrow = all messages of one mark in one direction · number = clause"
    return drawn(Story(name=name, title=title, subtitle=subtitle, parties=parties, rows=rows, key=key, stems="rail"))


def _bundles(standard: Standard, flow: Flow, passages: list[Passage], order: list[str]) -> Iterator[Bundle]:
    """Pairs in the order of the lifelines, the way out before the way back."""
    messages = {str(message.name): message for message in standard.messages}
    pairs = dict.fromkeys((sender, receiver) for sender, receiver, _ in passages)
    for sender, receiver in sorted(pairs, key=lambda pair: (*sorted(map(order.index, pair)), order.index(pair[0]))):
        bundles: dict[Mark, list[tuple[str, str]]] = {}
        for each in passages:
            if each[:2] == (sender, receiver):
                about = messages[each[2]].about if each[2] in messages else flow.about
                mark = here(about.mark) if "." in each[2] else about.mark
                bundles.setdefault(mark, []).append((local(each[2]), citation(about, flow.about)))
        for mark in Mark:
            if mark in bundles:
                yield Bundle(sender=sender, receiver=receiver, messages=tuple(bundles[mark]), mark=mark)


def _from_sequences(flow: Flow) -> Iterator[Passage]:
    for sequence in flow.sequences:
        yield from messages_passed(sequence.steps)


def _from_machines(standard: Standard, flow: Flow) -> Iterator[Passage]:
    """What machines send, to every lifeline whose machine takes it and that it can be meant for."""
    messages = {str(message.name): message for message in standard.messages}
    machines = {str(machine.name): machine for machine in flow.machines}
    talking = _talking(flow)
    for sender in flow.lifelines:
        receivers = [receiver for receiver in flow.lifelines if _may_talk(sender, receiver, talking)]
        for message, whom in _sends(_machine_of(sender, machines)):
            for receiver in receivers:
                declared = messages.get(message)
                takes = message in _takes(_machine_of(receiver, machines))
                if takes and declared and _may_pass(standard, declared, sender, receiver) and _is_meant(whom, receiver):
                    yield str(sender.name), str(receiver.name), message


def _talking(flow: Flow) -> dict[tuple[str, str], set[tuple[str, str]]]:
    """Which lifelines the sequences show talking, by their roles, in both orders."""
    roles = {str(lifeline.name): str(lifeline.role) for lifeline in flow.lifelines}
    found: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for sender, receiver, _ in _from_sequences(flow):
        for pair in ((sender, receiver), (receiver, sender)):
            found.setdefault((roles.get(pair[0], ""), roles.get(pair[1], "")), set()).add(pair)
    return found


def _may_talk(sender: Lifeline, receiver: Lifeline, talking: dict[tuple[str, str], set[tuple[str, str]]]) -> bool:
    """Several lifelines may have the same role; the sequences show which of them are connected, if they show any."""
    shown = talking.get((str(sender.role), str(receiver.role)))
    return sender.name != receiver.name and (not shown or (str(sender.name), str(receiver.name)) in shown)


def _machine_of(lifeline: Lifeline, machines: dict[str, model.Machine]) -> model.Machine | None:
    """Machines are named by lifeline, or by kind when several lifelines run the same one."""
    by_role = next((machine for machine in machines.values() if machine.role == lifeline.role), None)
    return machines.get(str(lifeline.name)) or machines.get(str(lifeline.role)) or by_role


def _sends(machine: model.Machine | None) -> Iterator[tuple[str, model.Whom]]:
    if machine is None:
        return
    for transition in flat.transitions(machine):
        for send in transition.sends:
            if send.each_in is None:
                yield str(send.message), send.to


def _takes(machine: model.Machine | None) -> set[str]:
    if machine is None:
        return set()
    triggers = [handler.trigger for handler in machine.handlers]
    named = {str(trigger.message) for trigger in triggers if isinstance(trigger, model.Receive)}
    disposed = [*machine.dispositions, *(each for state in machine.states for each in state.dispositions)]
    return named | {str(message) for message, _ in disposed}


def _may_pass(standard: Standard, message: Message, sender: Lifeline, receiver: Lifeline) -> bool:
    return any(
        is_a(standard, sender.role, begin) and is_a(standard, receiver.role, end) for begin, end in message.directions
    )


def _is_meant(whom: model.Whom, receiver: Lifeline) -> bool:
    """Whether a send can be for this lifeline.  Only a name rules others out; an expression may be anybody."""
    match whom:
        case model.ToRole(role=role):
            return role in (receiver.name, receiver.role)
        case model.ToParty(party=expr.Key(name=name)):
            return name == receiver.name
        case _:
            return True
