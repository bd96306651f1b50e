"""Runs that go on for ever: strongly connected parts of what was searched, those that are fair, a lasso through one.

A part is fair if every class of steps is somewhere disabled in it, or taken in it (then there is a run that goes
through all of it, again and again, and treats nobody unfairly).  If a part isn't fair, no smaller one within it is:
what is enabled everywhere and never taken in the whole, is so in each piece.
"""

from collections import deque
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, field

from clausework.explore.engines import Graph
from clausework.explore.search.breadth_first import Search
from clausework.explore.search.classes import TICK

Within = Callable[[int, int], bool]
"""Whether a step counts: the number that it starts from, its place among the steps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A component: what of it was found first, and the classes that are enabled all over it, and anywhere in it."""

    begin: int
    inside: Container[int]
    always: Iterable[int]
    ever: Iterable[int]


def part(search: Search, component: list[int]) -> Part:
    here = {frozenset(_classes_at(search, node)) for node in component}
    always, ever = frozenset.intersection(*here), frozenset().union(*here)
    return Part(begin=min(component), inside=frozenset(component), always=always, ever=ever)


def components(search: Search, nodes: list[int], within: Within) -> Iterator[list[int]]:
    """The strongly connected components of the subgraph of `nodes` and the steps that count, with a step inside.

    Tarjan, SIAM Journal on Computing 1 (1972), without recursion.
    """
    allowed = bytearray(len(search.order))
    for node in nodes:
        allowed[node] = 1
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    on_stack = bytearray(len(search.order))
    for root in nodes:
        if root in index:
            continue
        work = [(root, iter(search.edges(root)))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack[root] = 1
        while work:
            node, edges = work[-1]
            for edge in edges:
                target = search.targets[edge]
                if not allowed[target] or not within(node, edge):
                    continue
                if target not in index:
                    index[target] = low[target] = len(index)
                    stack.append(target)
                    on_stack[target] = 1
                    work.append((target, iter(search.edges(target))))
                    break
                if on_stack[target]:
                    low[node] = min(low[node], index[target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    found = _popped(stack, on_stack, node)
                    if len(found) > 1 or _loops(search, node, within):
                        yield found


def _popped(stack: list[int], on_stack: bytearray, root: int) -> list[int]:
    found = []
    while True:
        node = stack.pop()
        on_stack[node] = 0
        found.append(node)
        if node == root:
            return found


def _loops(search: Search, node: int, within: Within) -> bool:
    return any(search.targets[edge] == node and within(node, edge) for edge in search.edges(node))


def fair(search: Search, nodes: list[int], within: Within) -> list[list[int]]:
    """The components that have a fair run, those found first first."""
    return sorted(_fair(search, nodes, within), key=min)


def _fair(search: Search, nodes: list[int], within: Within) -> Iterator[list[int]]:
    for component in components(search, nodes, within):
        passing = {node for node in component if _ticks(search, node)}
        inside = set(component)
        leads = [(node, edge) for node in passing for edge in _ticks(search, node)]
        ticks = any(search.targets[edge] in inside and within(node, edge) for node, edge in leads)
        if passing and not ticks:  # time could pass here, and doesn't: only where it can't may a run stay
            yield from _fair(search, [node for node in component if node not in passing], within)
        elif not _unfair(search, component, within):
            yield component


def _ticks(search: Search, node: int) -> list[int]:
    return [edge for edge in search.edges(node) if search.classes[search.kinds[edge]] == TICK]


def _unfair(search: Search, component: list[int], within: Within) -> set[int]:
    """The classes that are enabled all over a component, and never taken in it."""
    inside = set(component)
    everywhere: set[int] | None = None
    taken: set[int] = set()
    for node in component:
        enabled = set(search.kept.get(node, ()))  # a longer queue would have let them happen
        for edge in search.edges(node):
            enabled.add(search.kinds[edge])
            if search.targets[edge] in inside and within(node, edge):
                taken.add(search.kinds[edge])
        everywhere = enabled if everywhere is None else everywhere & enabled
    return {each for each in (everywhere or set()) - taken if search.classes[each] is not None}


def lasso(search: Graph, part: Part, within: Within) -> tuple[int, list[tuple[int, int]]]:
    """Where a run enters a component, and a fair cycle through it from there: steps, as (number, place)."""
    walk = _Walk(search, part.inside, within, part.begin)
    for class_ in sorted(part.always):
        if not walk.takes(class_):
            walk.to_step(class_)
    for class_ in sorted(part.ever):
        if not walk.takes(class_) and not walk.rests_from(class_):
            walk.to_rest(class_)
    if walk.at != part.begin or not walk.steps:
        walk.to_node(part.begin)
    return part.begin, walk.steps


@dataclass
class _Walk:
    """A way inside a component, made longer until it treats every class fairly."""

    search: Graph
    inside: Container[int]
    within: Within
    at: int
    steps: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.visited = [self.at]

    def takes(self, class_: int) -> bool:
        return any(self.search.kinds[edge] == class_ for _, edge in self.steps)

    def rests_from(self, class_: int) -> bool:
        return any(class_ not in _classes_at(self.search, node) for node in self.visited)

    def to_step(self, class_: int) -> None:
        self._go(lambda edge: self.search.kinds[edge] == class_)

    def to_rest(self, class_: int) -> None:
        self._go(lambda edge: class_ not in _classes_at(self.search, self.search.targets[edge]))

    def to_node(self, node: int) -> None:
        self._go(lambda edge: self.search.targets[edge] == node)

    def _go(self, wanted: Callable[[int], bool]) -> None:
        """A shortest way inside whose last step is wanted."""
        came: dict[int, tuple[int, int] | None] = {self.at: None}
        waiting = deque([self.at])
        while waiting:
            node = waiting.popleft()
            for edge in self.search.edges(node):
                target = self.search.targets[edge]
                if target not in self.inside or not self.within(node, edge):
                    continue
                if wanted(edge):
                    self._taken([*_back(came, node), (node, edge)])
                    return
                if target not in came:
                    came[target] = node, edge
                    waiting.append(target)
        raise AssertionError("a component is strongly connected")

    def _taken(self, steps: list[tuple[int, int]]) -> None:
        self.steps += steps
        self.visited += [self.search.targets[edge] for _, edge in steps]
        self.at = self.visited[-1]


def _classes_at(search: Graph, node: int) -> set[int]:
    enabled = {search.kinds[edge] for edge in search.edges(node)} | search.kept.get(node, frozenset())
    return {each for each in enabled if search.classes[each] is not None}


def _back(came: dict[int, tuple[int, int] | None], node: int) -> list[tuple[int, int]]:
    steps = []
    while (step := came[node]) is not None:
        steps.append(step)
        node = step[0]
    return steps[::-1]
