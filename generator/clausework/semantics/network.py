"""What is between the parties: wires and queues, and what befalls them.  Knows no machines.

Two queues for each link, to its client side and to its server side.  A connection is lost at each end in its own time:
a cut link's queues stay readable until their reader notices, so that exactly a prefix of what was sent arrives.
"""

from clausework.semantics.configuration import BROKEN, CUT, DOWN, UP, Configuration

Queue = tuple[int, ...]


def with_queue(configuration: Configuration, queue: int, content: Queue) -> Configuration:
    parties, wires, queues, left = configuration
    return Configuration(parties, wires, (*queues[:queue], content, *queues[queue + 1 :]), left)


def with_wire(configuration: Configuration, link: int, wire: str) -> Configuration:
    parties, wires, queues, left = configuration
    return Configuration(parties, (*wires[:link], wire, *wires[link + 1 :]), queues, left)


def spent(configuration: Configuration, fault: int) -> Configuration:
    """One fault of this kind less may happen."""
    left = configuration.left[fault]
    if left is None:
        return configuration
    return configuration._replace(left=(*configuration.left[:fault], left - 1, *configuration.left[fault + 1 :]))


def cut(configuration: Configuration, link: int, seen: tuple[bool, bool], *, together: bool) -> Configuration:
    """R8: what is under way to an end that hadn't seen the link is gone; if neither had, the link is down."""
    for end in (0, 1):
        if not seen[end]:
            configuration = with_queue(configuration, 2 * link + end, ())
    if not any(seen):
        return with_wire(configuration, link, DOWN)
    return with_wire(configuration, link, BROKEN if together else CUT)


def left_by(configuration: Configuration, link: int, end: int, other_sees: bool, *, together: bool) -> Configuration:
    """An end drops a link, or notices that it is gone (R6): what was under way to it is lost; the other reads on."""
    configuration = with_queue(configuration, 2 * link + end, ())
    if not other_sees:
        configuration = with_queue(configuration, 2 * link + 1 - end, ())
        return with_wire(configuration, link, DOWN)
    if configuration.wires[link] == UP:
        return with_wire(configuration, link, BROKEN if together else CUT)
    return configuration


def pushed(configuration: Configuration, sends: tuple[tuple[int, int], ...], room: int) -> Configuration | int:
    """With what is sent in the queues; or the number of the first queue that has no room for it.

    What is sent into a link that is gone already vanishes.
    """
    parties, wires, before, left = configuration
    queues = list(before)
    for queue, message in sends:
        if wires[queue // 2] != UP:
            continue
        if len(queues[queue]) >= room:
            return queue
        queues[queue] = (*queues[queue], message)
    return Configuration(parties, wires, tuple(queues), left)
