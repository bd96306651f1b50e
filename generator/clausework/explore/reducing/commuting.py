"""Whether what parties do is the same under other names: every reaction that was asked for, with all its images."""

from collections import Counter
from collections.abc import Hashable, Iterator

from clausework.explore.reducing.symmetry import Permutation
from clausework.semantics.events import Commanded, Event, Expired, Noticed, Restarted, Saw
from clausework.semantics.reactions import Busy, Known, Reactions


def asymmetric(reactions: Reactions, permutations: tuple[Permutation, ...]) -> int | None:
    """A party whose reactions another one doesn't share under its name; None if they all do."""
    for party, known, image in _pairs(reactions, permutations):
        if known != image:
            return party
    return None


_Images = Counter[Hashable]


def _pairs(reactions: Reactions, permutations: tuple[Permutation, ...]) -> Iterator[tuple[int, object, object]]:
    """Each entry as it should be in its new place, and as it is there."""
    spontaneous, received, news, ticked = reactions.entries()
    for permutation in permutations[1:]:
        to = permutation.parties
        for (party, state, busy), known in spontaneous:
            there = reactions.by_itself(to[party], permutation.state(party, state), _busy(permutation, busy))
            yield party, _images(permutation, known), _themselves(reactions, there)
        for (party, state, link, message, busy), known in received:
            there = reactions.takes(
                to[party],
                permutation.state(party, state),
                permutation.links[link],
                permutation.message(message),
                _busy(permutation, busy),
            )
            yield party, _images(permutation, known), _themselves(reactions, there)
        for (party, state, event, kind, busy), known in news:
            moved = _news(permutation, event)
            there = reactions.hears(to[party], permutation.state(party, state), moved, kind, _busy(permutation, busy))
            yield party, _images(permutation, known), _themselves(reactions, there)
        for (party, state), older in ticked:
            wanted = None if older is None else permutation.state(party, older)
            yield party, wanted, reactions.older(to[party], permutation.state(party, state))


def _busy(permutation: Permutation, busy: Busy) -> Busy:
    return frozenset((permutation.links[link], permutation.id(id_)) for link, id_ in busy)


def _news(permutation: Permutation, event: Event) -> Noticed | Saw | Restarted:
    match event:
        case Noticed(link=link):
            return Noticed(permutation.links[link])
        case Saw(link=link):
            return Saw(permutation.links[link])
    return Restarted()


def _images(permutation: Permutation, known: tuple[Known, ...]) -> _Images:
    """What these reactions are under other names, in any order."""
    return Counter(_image(permutation, each) for each in known)


def _themselves(reactions: Reactions, known: tuple[Known, ...]) -> _Images:
    system = reactions.system
    nothing = Permutation(system, reactions, tuple(range(len(system.parties))))
    return _images(nothing, known)


def _image(permutation: Permutation, known: Known) -> Hashable:
    party, reaction = known.label.party, known.reaction
    queues: dict[int, list[int]] = {}
    for queue, message in known.sends:
        moved = 2 * permutation.links[queue // 2] + queue % 2
        queues.setdefault(moved, []).append(permutation.message(message))
    return (
        _event(permutation, party, known),
        None if known.state is None else permutation.state(party, known.state),
        frozenset((queue, _order(permutation, messages)) for queue, messages in queues.items()),
        frozenset(permutation.links[link] for link in reaction.closed),
        frozenset((name, permutation.links[link], permutation.id(id_)) for name, link, id_ in reaction.ended),
        tuple(sorted(each.kind for each in reaction.findings)),
        frozenset((permutation.instance(party, each.instance), each.answer) for each in reaction.answers),
        frozenset((permutation.instance(party, each.instance), each.name) for each in reaction.notices),
    )


def _order(permutation: Permutation, messages: list[int]) -> tuple[int, ...]:
    """More than a queue holds are never said, so it doesn't matter in which order."""
    return tuple(messages if len(messages) <= permutation.system.check.queue else sorted(messages))


def _event(permutation: Permutation, party: int, known: Known) -> Hashable:
    """Commands by whose they are, what is asked for and with what; timers by whose."""
    event = known.label.event
    match event:
        case Commanded(instance=number, command=command, arguments=arguments):
            system = permutation.system
            machine = system.programs[system.instances[party][number].machine].machine
            types = next(each.arguments for each in machine.commands if each.name == command)
            values = tuple(permutation.value(each.type, at) for each, at in zip(types, arguments, strict=True))
            return permutation.instance(party, number), command, values
        case Expired(instance=number, way=way):
            return permutation.instance(party, number), way
    return known.label.kind
