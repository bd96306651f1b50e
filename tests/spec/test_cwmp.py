"""`spec/cwmp` against the published session: its states, its order, how long is waited after one that failed."""

from collections.abc import Iterator
from typing import Any

import pytest

from clausework.explore import explore_flow
from clausework.expr.show import show
from clausework.model.machine import After, Machine, Receive
from clausework.model.standard import Flow, named, own
from clausework.model.states import ancestry, leaves
from clausework.model.transitions import Transition, transitions
from clausework.runtime import Close, Send
from clausework_standards.cwmp import messages, parties, session, vocabulary
from support import oracle, shipped, shipped_flow

PUBLISHED = oracle("cwmp-session.yaml")
STATES = {"TransportReady", "InformPending", "CpeRequests", "AcsRequests", "Terminating", "Closed"}
OURS = {"Open", "Connecting", "AwaitingRetry"}
"""Around all of them; before there is a connection; after a session that failed."""


def camel(state: object) -> str:
    return "".join(each.capitalize() for each in str(state).split("_"))


def cpe() -> Machine:
    return next(each for each in shipped_flow("cwmp", "session").machines if each.name == "cpe")


def phase(machine: Machine, state: object) -> str:
    """The published state that a state is, or is part of."""
    above = {camel(each) for each in ancestry(machine, str(state))}
    return "failed" if "AwaitingRetry" in above else next(iter(above & STATES))


def event(transition: Transition) -> str:
    sent = [str(each.message) for each in transition.sends]
    match transition.trigger:
        case Receive(message="inform_fault"):
            again = any("retry_request" in show(each) and "not" not in show(each) for each in transition.guards)
            return "fault 8005" if again else "any other fault"
        case Receive(message=message):
            return {
                "inform_response": "InformResponse",
                "acs_request": "request of the ACS",
                "empty_reply": "empty reply",
            }[str(message)]
        case After(timer="at_once") if sent:
            return {"inform": "POST Inform", "empty_post": "empty POST"}[sent[0]]
        case After(timer="at_once"):
            return "always"
    raise AssertionError(transition.trigger)


def rows() -> Iterator[tuple[str, str, str]]:
    """What leads from one published state to another, or is said there of faults and requests of the ACS."""
    machine = cpe()
    for each in transitions(machine):
        above = {camel(name) for name in ancestry(machine, each.scope)} if each.scope is not None else set()
        if each.target is None or not above & (STATES - {"Closed"}):
            continue
        came, goes = phase(machine, each.scope), phase(machine, each.target)
        told = isinstance(each.trigger, Receive) and each.trigger.message in ("inform_fault", "acs_request")
        late = isinstance(each.trigger, After) and each.trigger.timer == "response_time"
        if (came != goes or (told and came != "CpeRequests")) and not late:
            yield came, event(each), goes


def test_the_states_of_a_session_are_the_published_ones() -> None:
    machine = cpe()

    above = {camel(each) for leaf in leaves(machine) for each in ancestry(machine, str(leaf.name))[-2:]}
    assert {each for each in above if each in STATES} == STATES
    outermost = {camel(ancestry(machine, str(leaf.name))[-1]) for leaf in leaves(machine)}
    assert outermost == {"Closed"} | OURS


def test_a_session_goes_on_as_published_and_in_no_other_way() -> None:
    again = {("Terminating", "always", "TransportReady")}
    """Ours: something has happened meanwhile, and the next session begins."""

    assert set(rows()) - again == {(each["from"], each["event"], each["to"]) for each in PUBLISHED["session"]}


class Chosen:
    """Both ends let everything happen; each wait is the longest that is allowed."""

    def __init__(self, admit: session.AdmitAnswer | None = None) -> None:
        self.admit = admit or session.AdmitAccepted(hold=False)

    def decide_admit(self, *_: object) -> session.AdmitAnswer:
        return self.admit

    def decide_request(self, *_: object) -> session.RequestAnswer:
        return session.RequestThis(method=vocabulary.CpeMethod.TRANSFERCOMPLETE)

    def decide_reply(self, *_: object) -> session.ReplyAnswer:
        return session.ReplyDone(hold=False)

    def decide_perform(self, *_: object) -> session.PerformAnswer:
        return session.PerformDone(status=vocabulary.Status.APPLIED)

    def decide_retry_wait(self, machine: session.Cpe, *_: object) -> session.RetryWaitAnswer:
        return session.RetryWaitChosen(pause=float(waits()[str(machine.attempt)][2]))

    def decide_while_busy(self, *_: object) -> session.WhileBusyAnswer:
        return session.WhileBusyAnswer.LATER

    def parties(self, role: str) -> tuple[str, ...]:
        return ("operator",) if role == "acs" else ()


def waits() -> dict[str, tuple[int, ...]]:
    rows = named(shipped()["cwmp"].types, "attempt").rows
    return {str(name): tuple(int(str(each.value)) for each in literals) for name, literals in rows}


PARAMETERS = vocabulary.Parameters(
    connect_time=1.0, response_time=30.0, request_time=60.0, perform_time=0.0, ask_again=60.0, most_requests=1
)


class Line:
    """Two parties and a connection between them, opened anew when it is closed; what is said is written down."""

    def __init__(self, chosen: Chosen) -> None:
        made: Any = parties
        self.now = 0.0
        self.said: list[tuple[str, Any]] = []
        self.ends = {
            "CPE": made.Cpe(me="box", parameters=PARAMETERS, session_decisions=chosen, directory=chosen),
            "ACS": made.Acs(me="operator", parameters=PARAMETERS, session_decisions=chosen),
        }
        for each in self.ends.values():
            each.start(now=0.0)
        self.lines = 0
        self.connect()

    def connect(self) -> None:
        self.lines += 1
        self.ends["CPE"].restored(self.lines, "operator", "acs", now=self.now)
        self.ends["ACS"].restored(self.lines, "box", "cpe", now=self.now)

    def carry(self, speaker: str, effects: Any) -> None:
        listener = {"CPE": "ACS", "ACS": "CPE"}[speaker]
        for each in effects:
            if isinstance(each, Send):
                self.said.append((speaker, each.message))
                heard = self.ends[listener].receive(each.message, self.lines, now=self.now, request=each.request)
                self.carry(listener, heard)
            elif isinstance(each, Close):
                self.ends[speaker].lost(self.lines, now=self.now)
                self.ends[listener].lost(self.lines, now=self.now)
                self.connect()

    def wait(self) -> None:
        """Until the next timer of the two."""
        due = {name: each.next_timer() for name, each in self.ends.items() if each.next_timer() is not None}
        first = min(due, key=lambda name: due[name])
        self.now = due[first]
        self.carry(first, self.ends[first].expire(self.now))


def test_both_ends_say_what_is_published_in_its_order() -> None:
    line = Line(Chosen())

    line.carry("CPE", line.ends["CPE"].does(session.Cpe.happens, event=vocabulary.Event.VALUE_CHANGE, now=0.0))
    line.wait()
    line.ends["ACS"].does(session.Acs.ask, ("box",), what=vocabulary.AcsMethod.REBOOT, about="", wanted="", now=0.0)
    while line.ends["CPE"].instance(session.Cpe).state != session.CpeState.CLOSED:
        line.wait()

    titles = {str(each.name): each.about.title for each in own(shipped()["cwmp"].messages)}
    said = [{"from": speaker, "message": str(titles[message.NAME])} for speaker, message in line.said]
    assert said == PUBLISHED["order"]


@pytest.mark.parametrize("row", PUBLISHED["retry"], ids=lambda row: str(row["count"]))
def test_a_cpe_waits_after_a_failed_session_as_published(row: dict[str, int]) -> None:
    line = Line(Chosen(admit=session.AdmitRefused(fault=vocabulary.AcsFault.REQUEST_DENIED)))
    cpe = line.ends["CPE"]
    line.carry("CPE", cpe.does(session.Cpe.happens, event=vocabulary.Event.BOOT, now=0.0))

    while len(informs(line)) < row["count"] or cpe.instance(session.Cpe).state != session.CpeState.WAITING:
        line.wait()
    wait = cpe.next_timer() - line.now

    assert row["at_least"] <= wait <= row["at_most"] == wait
    while len(informs(line)) == row["count"]:
        line.wait()
    assert waits()[str(informs(line)[-1].attempt)] == (row["count"], row["at_least"], row["at_most"])


def informs(line: Line) -> list[messages.Inform]:
    return [message for _, message in line.said if isinstance(message, messages.Inform)]


def test_after_the_tenth_try_neither_the_waits_nor_the_count_grow() -> None:
    table = list(waits())

    assert PARAMETERS.last_counted == table[-1] == "tenth"


def test_events_and_faults_have_the_published_codes() -> None:
    def codes(type_: str) -> dict[str, object]:
        return {str(name): row[0].value for name, row in named(shipped()["cwmp"].types, type_).rows}

    assert codes("event") == {each["name"].lower().replace(" ", "_"): each["code"] for each in PUBLISHED["events"]}
    faults = codes("acs_fault") | codes("cpe_fault")
    assert {each["name"]: faults[each["name"].replace(" ", "_")] for each in PUBLISHED["faults"]} == {
        each["name"]: each["code"] for each in PUBLISHED["faults"]
    }


@pytest.mark.parametrize("flow", own(shipped()["cwmp"].flows), ids=lambda flow: str(flow.name))
def test_every_check_is_explored_to_the_end_and_finds_nothing(flow: Flow) -> None:
    explorations = explore_flow(shipped()["cwmp"], flow)

    assert [(each.check, each.stopped) for each in explorations if not each.complete] == []
    assert [
        (each.check, one.kind, one.name) for each in explorations for one in each.verdicts if not one.expected
    ] == []
    assert max(each.configurations for each in explorations) < 40_000
