"""Standard -> Promela: SPIN takes every step that we take, from the very configurations that we find.

What parties do is written out row by row, as a search of ours came to ask for it (`packed.tables`); queues, wires,
faults and time are written anew, in Promela: so equal counts speak for our network and our search, and for the rows
only that they are the same ones.  Each step is one `d_step` whose first statement says whether it can happen, room for
all that it sends included: SPIN counts one configuration more (the one before the first values are set) and two steps
more (that first one, and its own count begins with one).
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import product

from clausework.explore.packed.search import PackedSearch
from clausework.explore.packed.tables import Ask, Row, Tables
from clausework.model.sequence import Check
from clausework.model.standard import Flow, Standard
from clausework.semantics.building import system
from clausework.semantics.configuration import Message
from clausework.semantics.events import Commanded, Delivered, Expired
from clausework.semantics.reactions import Known
from clausework.semantics.space import Space

MOST = 2_000_000

Lines = Iterator[str]


class TooLarge(Exception):
    """The check was not searched to the end, so that nobody knows all that can happen."""


def promela(standard: Standard, flow: Flow, check: Check, most: int | None = None) -> str:
    """The model; raises `TooLarge` where more than `most` configurations are found."""
    search = PackedSearch(Space(system(standard, flow, check)), most or MOST, parents=False)
    search.run()
    if search.interrupted:
        raise KeyboardInterrupt
    if search.stopped:
        raise TooLarge(search.stopped)
    return "\n".join(_Writer(search.tables).lines(search.configurations, search.steps, search.depth)) + "\n"


class _Writer:
    """`s` are the states of parties, `w` wires, `q` the places of queues (the head is 0), `left` budgets of faults."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.system = tables.space.system
        self.ends = tables.space.reactions.ends
        self.room = self.system.check.queue
        self.wired = tables.wired
        self.cut = "BROKEN" if self.system.check.together else "CUT"

    def lines(self, configurations: int, steps: int, levels: int) -> Lines:
        check = self.system.check
        yield f"/* Check `{check.name}` of flow `{self.system.flow.name}`, {self.system.standard.title}."
        yield " *"
        yield " * spin -a MODEL.pml; cc -O2 -DBFS -DSAFETY -DNOREDUCE -o pan pan.c; ./pan -E"
        yield f" * tells of {configurations + 1} states, {steps + 2} transitions, depth {levels}."
        yield " */"
        yield ""
        yield "#define UP 0"
        yield "#define CUT 1"
        yield "#define DOWN 2"
        yield "#define BROKEN 3"
        hurried = self.system.check.together and self.wired
        broken = (f"w{link} == BROKEN" for link in range(len(self.ends)))
        yield f"#define CALM ({'true' if not hurried else f'!({_any(broken)})'})"
        yield ""
        for party, states in enumerate(self.tables.states):
            yield f"{_type(len(states))} s{party}; /* {self.system.parties[party].name} */"
        for link, (client, server) in enumerate(self.ends):
            names = [str(self.system.parties[party].name) for party in (client, server)]
            if self.wired:
                yield f"byte w{link}; /* {self.system.links[link].connection}: {names[0]}, {names[1]} */"
            for end in (0, 1):
                queue = 2 * link + end
                places = ", ".join(f"q{queue}_{place}" for place in range(self.room))
                yield f"{_type(len(self.tables.codes[queue]))} {places}; /* to {names[end]} */"
                yield from self._messages(queue)
        for place, fault in enumerate(check.faults):
            if fault.times is not None:
                yield f"byte left{place} = {fault.times}; /* {fault.kind} */"
        yield ""
        yield "init {"
        down = (f"w{link.number} = DOWN; " for link in self.system.links if self.system.is_down(link))
        yield f"\td_step {{ {''.join(down)}s0 = 0 }};"
        yield "\tdo"
        for guard, effects, words in [*self._steps()] or [(["false"], [], "nothing happens")]:
            yield f"\t:: d_step {{ {_all(guard)} -> {'; '.join((*effects, 'skip'))} }} /* {words} */"
        yield "\tod"
        yield "}"

    def _messages(self, queue: int) -> Lines:
        for code, number in enumerate(self.tables.codes[queue]):
            if code:
                yield f"\t/* {code}: {_message(self.tables.space.message(number))} */"

    # -- steps: guards, effects, words

    def _steps(self) -> Iterator[tuple[list[str], list[str], str]]:
        for row in self.tables.rows:
            if row.kind is not Ask.GROWS_OLDER:
                for known in self.tables.reactions(row):
                    if known.state is not None:
                        for fault in self._restarts(row):
                            yield self._reaction(row, known, fault)
        if self.system.timed:
            yield self._tick()
        yield from self._faults()

    def _restarts(self, row: Row) -> list[int]:
        """The faults that a row is about; a single -1 if it's about none."""
        if row.kind is not Ask.RESTARTS:
            return [-1]
        faults = enumerate(self.system.check.faults)
        return [n for n, each in faults if each.kind == "restart" and self.system.number_of(each.subject) == row.which]

    def _reaction(self, row: Row, known: Known, fault: int) -> tuple[list[str], list[str], str]:
        party, link, end = self.tables.party(row), row.which // 2, row.which % 2
        guard, effects = [f"s{party} == {row.state}", *self._busy(party, row)], []
        gone: set[int] = set()  # what is sent there vanishes
        match row.kind:
            case Ask.TAKES:
                guard += ["CALM", f"q{row.which}_0 == {row.code}"]
                effects += self._popped(row.which)
            case Ask.NOTICES:
                guard.append(f"(w{link} == BROKEN || (w{link} == CUT && CALM))")
                effects += self._left_by(link, end, "CUT")
                gone = {link}
            case Ask.OPENS:
                guard += ["CALM", f"w{link} == DOWN"]
                effects.append(f"w{link} = UP")
            case Ask.ACCEPTS:
                guard += ["CALM", f"w{link} == UP"]
            case Ask.RESTARTS:
                guard += ["CALM", *self._budget(fault)]
                effects += self._spent(fault)
                every = set(self.tables.space.reactions.links[party])
                gone = {each for each in every if not self.system.links[each].datagram}
                for each in sorted(every):
                    effects += self._restarted(party, row.state, each)
            case _:
                guard.append("CALM")
        opened = link if row.kind is Ask.OPENS else None
        effects.append(f"s{party} = {self._local(party, known)}")
        effects += self._renamed(party, known)
        sends = [send for send in known.sends if send[0] // 2 not in gone]
        guard += (self._has_room(queue, many, opened) for queue, many in Counter(queue for queue, _ in sends).items())
        for queue, message in sends:
            effects += self._pushed(queue, self.tables.code(queue, message), opened)
        for each in known.reaction.closed:
            effects += self._left_by(each, self.ends[each].index(party), "CUT")
        return guard, effects, f"{self.system.parties[party].name}: {_words(known)}"

    def _local(self, party: int, known: Known) -> int:
        assert known.state is not None
        return self.tables.local(party, known.state)

    def _tick(self) -> tuple[list[str], list[str], str]:
        rows = [row for row in self.tables.rows if row.kind is Ask.GROWS_OLDER]
        after = {
            row: self.tables.space.reactions.older(row.which, self.tables.states[row.which][row.state]) for row in rows
        }
        older = {row: None if state is None else self.tables.local(row.which, state) for row, state in after.items()}
        late = _any(f"s{row.which} == {row.state}" for row in rows if older[row] is None)
        changed = _any(f"s{row.which} == {row.state}" for row in rows if older[row] not in (None, row.state))
        guard = ["CALM", f"!({late})", f"({changed})"]
        if self.system.check.urgent:
            guard.append(
                f"!({_any(f'(q{q}_0 != 0 && {self._sees(q // 2, q % 2)})' for q in range(2 * len(self.ends)))})"
            )
        effects = []
        for party in range(len(self.tables.states)):
            mine = [
                (row.state, older[row]) for row in rows if row.which == party and older[row] not in (None, row.state)
            ]
            effects += [f"s{party} = {_mapped(f's{party}', mine)}"] if mine else []
        return guard, effects, "a tick"

    def _faults(self) -> Iterator[tuple[list[str], list[str], str]]:
        for place, fault in enumerate(self.system.check.faults):
            guard, spent = ["CALM", *self._budget(place)], self._spent(place)
            party = self.system.number_of(fault.subject) if fault.subject is not None else None
            for link, ends in enumerate(self.ends):
                cuts = fault.kind == "lost" and not self.system.links[link].datagram
                if cuts and (party is None or party in ends):
                    yield [*guard, f"w{link} == UP"], [*spent, *self._cut(link)], "a connection is lost"
            if fault.kind in ("loss", "duplication", "swap"):
                for queue in range(2 * len(self.ends)):
                    yield from self._befalls(place, str(fault.kind), queue, guard, spent)
        for place, link, queue, code in self.tables.attacks:
            guard = ["CALM", *self._budget(place), f"q{queue}_0 == 0", *([f"w{link} == UP"] if self.wired else [])]
            yield guard, [*self._spent(place), f"q{queue}_0 = {code}"], "an attacker"

    def _befalls(
        self, place: int, kind: str, queue: int, guard: list[str], spent: list[str]
    ) -> Iterator[tuple[list[str], list[str], str]]:
        codes = enumerate(self.tables.codes[queue])
        fitting = [code for code, number in codes if code and self.tables.fits(queue, number) >> place & 1]
        if not fitting:
            return
        guard = [*guard, f"({_any(f'q{queue}_0 == {code}' for code in fitting)})"]
        last = self.room - 1
        if kind == "loss":
            yield guard, [*spent, *self._popped(queue)], f"lost {queue}"
        elif kind == "duplication" and last:
            effects = [f"q{queue}_{each} = q{queue}_{each - 1}" for each in range(last, 0, -1)]
            yield [*guard, f"q{queue}_{last} == 0"], [*spent, *effects], f"duplicated {queue}"
        elif kind == "swap" and last:
            # without a variable that would count as state: each pair of codes is a step of its own
            for one, other in product(fitting, range(1, len(self.tables.codes[queue]))):
                if one != other:
                    these = [f"q{queue}_0 == {one}", f"q{queue}_1 == {other}"]
                    effects = [f"q{queue}_0 = {other}", f"q{queue}_1 = {one}"]
                    yield [*guard, *these], [*spent, *effects], f"swapped {queue}"

    # -- parts of guards

    def _busy(self, party: int, row: Row) -> Lines:
        """Which requests of the party the others remember, where that matters: they are in one of these states."""
        asked = self.tables.asks(row)
        for other, slot in enumerate(self.tables.slots[party]):
            if slot < 0 or not asked >> slot & 1:
                continue
            states = range(len(self.tables.states[other]))
            wanted = row.busy >> 8 * slot & 0xFF
            fit = [each for each in states if self.tables.known_of(other, each)[1][party] == wanted]
            if len(fit) < len(states):
                yield f"({_any(f's{other} == {each}' for each in fit)})"

    def _sees(self, link: int, end: int) -> str:
        party = self.ends[link][end]
        seeing = [
            bool(self.tables.known_of(party, each)[0] >> link & 1) for each in range(len(self.tables.states[party]))
        ]
        if all(seeing):
            return "true"
        return f"({_any(f's{party} == {each}' for each, sees in enumerate(seeing) if sees)})"

    def _has_room(self, queue: int, many: int, opened: int | None) -> str:
        room = f"q{queue}_{self.room - many} == 0" if many <= self.room else "false"
        return room if not self.wired or queue // 2 == opened else f"(w{queue // 2} != UP || {room})"

    def _budget(self, fault: int) -> Lines:
        if self.system.check.faults[fault].times is not None:
            yield f"left{fault} > 0"

    # -- parts of effects

    def _spent(self, fault: int) -> list[str]:
        return [f"left{fault}--"] if self.system.check.faults[fault].times is not None else []

    def _popped(self, queue: int) -> list[str]:
        shifted = [f"q{queue}_{each} = q{queue}_{each + 1}" for each in range(self.room - 1)]
        return [*shifted, f"q{queue}_{self.room - 1} = 0"]

    def _emptied(self, queue: int) -> list[str]:
        return [f"q{queue}_{each} = 0" for each in range(self.room)]

    def _pushed(self, queue: int, code: int, opened: int | None) -> Lines:
        free = [f":: {_places(queue, each)} -> q{queue}_{each} = {code}" for each in range(self.room)]
        if self.wired and queue // 2 != opened:
            free = [each.replace(":: ", f":: w{queue // 2} == UP && ") for each in free]
            free.append(f":: w{queue // 2} != UP")
        yield f"if {' '.join(free)} fi"

    def _left_by(self, link: int, end: int, cut: str) -> list[str]:
        mine, theirs = 2 * link + end, 2 * link + 1 - end
        other = self._sees(link, 1 - end)
        stays = f":: {other} && w{link} == UP -> w{link} = {cut} :: {other} && w{link} != UP"
        down = "; ".join((*self._emptied(theirs), f"w{link} = DOWN"))
        return [*self._emptied(mine), f"if {stays} :: !{other} -> {down} fi"]

    def _restarted(self, party: int, state: int, link: int) -> list[str]:
        end = self.ends[link].index(party)
        if self.system.links[link].datagram:
            return self._emptied(2 * link + end)
        left = "; ".join(self._left_by(link, end, self.cut))
        if self.tables.known_of(party, state)[0] >> link & 1:
            return [left]
        return [f"if :: w{link} == UP -> {left} :: else fi"]

    def _cut(self, link: int) -> Lines:
        here, there = self._sees(link, 0), self._sees(link, 1)
        yield f"if :: !{here} -> {'; '.join(self._emptied(2 * link))} :: else fi"
        yield f"if :: !{there} -> {'; '.join(self._emptied(2 * link + 1))} :: else fi"
        yield f"if :: {here} || {there} -> w{link} = {self.cut} :: else -> w{link} = DOWN fi"

    def _renamed(self, party: int, known: Known) -> Lines:
        """What is under way and belongs to a request that has ended is another message from now on."""
        if not known.reaction.ended:
            return
        ending = self.tables.ending(party, known.reaction.ended)
        for (number, queue), codes in self.tables.renames.items():
            changes = [(code, after) for code, after in enumerate(codes) if code != after]
            if number == ending and changes:
                for each in range(self.room):
                    yield f"q{queue}_{each} = {_mapped(f'q{queue}_{each}', changes)}"


def _type(many: int) -> str:
    return "byte" if many <= 256 else "short" if many <= 1 << 15 else "int"


def _any(parts: Iterable[str]) -> str:
    return " || ".join(parts) or "false"


def _all(parts: Iterable[str]) -> str:
    return " && ".join(each for each in parts if each != "true") or "true"


def _places(queue: int, place: int) -> str:
    """The first place that is free is this one."""
    before = f"q{queue}_{place - 1} != 0 && " if place else ""
    return f"{before}q{queue}_{place} == 0"


def _mapped(name: str, changes: Iterable[tuple[int, int | None]]) -> str:
    text = name
    for before, after in changes:
        text = f"({name} == {before} -> {after} : {text})"
    return text


def _message(message: Message) -> str:
    values = ", ".join(map(_value, message.values))
    return message.name + (f" ({values})" if values else "")


def _value(value: object) -> str:
    return str(value).replace("*/", "* /")


def _words(known: Known) -> str:
    match known.label.event:
        case Commanded(command=command):
            return f"{known.label.kind} {command}"
        case Delivered(message=message):
            return f"{known.label.kind} {_message(message)}"
        case Expired(way=way):
            return f"{known.label.kind} {way}"
    return known.label.kind
