"""Sentences of the meaning that no larger test shows by itself, each on the smallest system that has it."""

from textwrap import dedent

from clausework.explore.search.breadth_first import Search
from clausework.model.standard import named
from clausework.semantics.building import system
from clausework.semantics.configuration import CUT, Configuration
from clausework.semantics.events import Commanded
from clausework.semantics.space import Space, Step
from clausework.semantics.verdict import Outcome
from support import small_standard
from talking import MESSAGES, VOCABULARY, explored, flow_text, found, outcomes, space, talk

IDLE = """
initial: idle
states:
  idle: {rests: true}
otherwise: ignore
"""
ASKING = """
commands: {go: {}}
initial: idle
states:
  idle:
    command go: {send: ask to right, to: waiting}
  waiting:
    receive accept: {to: idle}
"""
GRANTING = """
initial: ready
states:
  ready:
    receive ask: {send: accept to left}
"""


ASK = "messages:\n  ask: {from: left, to: right}\n"


def searched(of: Space) -> Search:
    search = Search(of, 5_000)
    search.run()
    assert not search.stopped
    return search


def first(of: Space, start: Configuration, kind: str, name: str = "") -> Configuration:
    """Where the first step of this kind leads; of commands, the one of this name."""
    return next(step.target for step in steps(of, start, kind, name) if step.target is not None)


def steps(of: Space, start: Configuration, kind: str, name: str = "") -> list[Step]:
    def is_meant(step: Step) -> bool:
        event = step.label.event
        return step.label.kind == kind and (not name or (isinstance(event, Commanded) and event.command == name))

    return [each for each in of.steps(start) if is_meant(each)]


def state(of: Space, configuration: Configuration, party: int = 0) -> str:
    return of.party(configuration, party).instances[0].state


def claim(text: str, right: str = IDLE, left: str = ASKING, check: str = "queue: 2") -> Outcome:
    return outcomes(explored(left, right, f"properties:\n  claim: {{{text}}}\n", check))["claim"]


# -- expressions


def test_values_are_those_before_the_transition() -> None:
    """Seen to fail when an update saw what the one before it had set."""
    left = """
        commands: {swap: {}}
        variables: {here: integer 0..3 = 1, there: integer 0..3 = 2}
        initial: idle
        states:
          idle:
            command swap: {set: {here: there, there: here}, to: done}
          done: {final: true}
    """
    of = space(left, IDLE)

    after = first(of, of.start(), "command")

    assert of.party(after, 0).instances[0].variables == (2, 1)


def test_connected_is_what_this_end_sees() -> None:
    """Whoever has not noticed that a link is cut takes it for connected.  Seen to fail when the wire was asked."""
    left = """
        commands: {look: {}}
        initial: idle
        states:
          idle:
            command look: {when: {right is connected: {to: together}, else: {to: alone}}}
          together: {rests: true}
          alone: {rests: true}
        otherwise: ignore
    """
    wire = VOCABULARY.replace(", post: {between: right and left, datagram: true}", "")
    standard, flow = talk(left, IDLE, check="faults: [lost l once]", messages=ASK, vocabulary=wire)
    of = Space(system(standard, flow, flow.checks[0]))
    cut = first(of, of.start(), "cut")
    noticed = next(step for step in steps(of, cut, "notice") if step.label.party == 0).target
    assert noticed is not None

    assert state(of, first(of, cut, "command")) == "together"
    assert state(of, first(of, noticed, "command")) == "alone"


# -- steps


def test_time_makes_no_configurations_without_end() -> None:
    """Seen to fail when timers that may run out any time had an age, too."""
    left = """
        initial: around
        states:
          around:
            initial: waiting
            after pause: {to: over}
            states:
              waiting:
                after patience: {to: waiting, recurring: true}
          over: {final: true}
    """

    of = space(left, IDLE, "ticks: {patience: 1..3}")

    ages = {age for each in searched(of).order for one in of.party(each, 0).instances for age in one.ages}

    assert ages == {0, 1, 2, 3}


# -- firing


def test_an_outer_scope_counts_only_if_nothing_inside_is_enabled() -> None:
    """Seen to fail when the outer scope was looked at first."""
    left = """
        commands: {go: {}}
        variables: {tired: boolean = false}
        initial: around
        states:
          around:
            initial: inside
            command go: {to: outside}
            states:
              inside:
                command go: {when: {not tired: {set: {tired: true}}}}
          outside: {rests: true}
    """
    of = space(left, IDLE)
    once = first(of, of.start(), "command")

    assert state(of, once) == "inside"
    assert state(of, first(of, once, "command")) == "outside"


def test_each_answer_has_a_successor() -> None:
    """Seen to fail when only the first answer was tried."""
    left = ASKING.replace(
        "{send: ask to right, to: waiting}", "{decide mood: {good: {to: waiting}, bad: {send: ask to right}}}"
    )
    of = space(left, IDLE)

    after = {(state(of, step.target), any(step.target.queues)) for step in of.steps(of.start()) if step.target}

    assert after == {("waiting", False), ("idle", True)}


def test_a_transition_to_the_same_state_crosses_nothing() -> None:
    """Nobody who listens hears of it.  Seen to fail when every `to` was a boundary."""
    left = """
        commands: {again: {}, go: {}}
        initial: idle
        states:
          idle:
            command again: {to: idle}
            command go: {to: away}
          away: {command go: {to: idle}}
    """
    watching = """
        flow: watch
        title: Somebody watches
        uses: [talk]
        roles: {left: left, right: right}
        machines:
          left:
            variables: {entered: integer 0..3 = 0}
            initial: on
            states:
              on: {rests: true}
            anywhere:
              enters talk idle: {set: {entered: entered + 1}}
        checks:
          both: {parties: {l: left, r: right}}
    """
    standard = small_standard(vocabulary=VOCABULARY, messages=MESSAGES, talk=flow_text(left, IDLE), watch=watching)
    flow = named(standard.flows, "watch")
    of = Space(system(standard, flow, flow.checks[0]))

    again = first(of, of.start(), "command", "again")
    back = first(of, first(of, of.start(), "command", "go"), "command", "go")

    assert of.party(again, 0) == of.party(of.start(), 0)
    assert of.party(back, 0) != of.party(of.start(), 0)


# -- sending, and what is not taken


def test_how_bad_a_full_queue_is_the_check_says() -> None:
    """The configurations are the same either way.  Seen to fail when the level was that of the rule."""
    eager = ASKING.replace("to: waiting}", "to: idle}").replace("  waiting:\n    receive accept: {to: idle}\n", "")
    eager += "otherwise: ignore\n"
    note, error = (explored(eager, IDLE, check=f"queue: 1, full: {level}") for level in ("note", "error"))

    assert "queue-overflow" in found(error)
    assert "queue-overflow" not in found(note)
    assert note.configurations == error.configurations


def test_what_is_rejected_is_answered() -> None:
    """Seen to fail when `reject` only took the message."""
    of = space(
        ASKING.replace("receive accept", "receive refuse"),
        "initial: one\nstates:\n  one: {receive ask: reject with refuse}",
    )

    asked = first(of, of.start(), "command")
    answered = first(of, asked, "deliver")

    assert [of.message(number).name for queue in answered.queues for number in queue] == ["refuse"]
    assert state(of, first(of, answered, "deliver")) == "idle"


def test_one_message_for_each_of_several_goes_over_one_connection() -> None:
    """A list, entry by entry.  Seen to fail when `connection for each ...` meant the connection alone."""
    messages = MESSAGES + "      entry:  {answers: ask, over: wire, provisional: true, fields: {what: one|two}}\n"
    left = """
        commands: {teach: {what: one|two}, go: {}}
        initial: idle
        states:
          idle:
            command teach: {send: say to right}
            command go: {send: ask to right, to: waiting}
          waiting:
            receive entry: {note: One of them}
            receive accept: {to: idle}
    """
    right = """
        variables: {known: list of one|two 0..2}
        initial: ready
        states:
          ready:
            receive say where known is full: {note: Enough}
            receive say: {set: {known: known + what}}
            receive ask:
              send:
                - entry to sender for each thing in known with what = thing
                - accept to sender
    """
    standard, flow = talk(left, right, check="queue: 3", messages=messages)
    of = Space(system(standard, flow, flow.checks[0]))

    queues = [
        [(of.message(number).name, *of.message(number).values) for number in queue]
        for configuration in searched(of).order
        for queue in configuration.queues
    ]

    assert [("entry", "two"), ("entry", "one"), ("accept",)] in queues
    assert [("entry", "one"), ("accept",)] in queues
    assert [("accept",)] in queues


def test_a_connection_that_nobody_speaks_over_is_left_out() -> None:
    """It would only multiply what is explored.  Seen to fail when there were all that join two roles."""
    over_both = space(ASKING + "otherwise: {card: ignore}\n", GRANTING)

    assert [each.connection for each in space(ASKING, GRANTING).system.links] == ["wire"]
    assert [each.connection for each in over_both.system.links] == ["wire", "post"]


def test_a_message_that_closes_leaves_the_other_end_to_notice() -> None:
    """Seen to fail when both ends stopped seeing the link at once."""
    right = "initial: one\nstates:\n  one: {rests: true}\notherwise: {ask: close}"
    of = space(ASKING.replace("receive accept: {to: idle}", "lost right: {to: idle}"), right, "notice: apart")

    closed = first(of, first(of, of.start(), "command"), "deliver")

    assert closed.wires[0] == CUT
    assert (of.party(closed, 0).seen, of.party(closed, 1).seen) == ({0}, set())
    assert state(of, first(of, closed, "notice")) == "idle"


# -- rest


def test_who_may_be_asked_for_something_rests() -> None:
    """Seen to fail when a state with a command was not at rest."""
    silent = "initial: ready\nstates:\n  ready:\n    receive ask: ignore\n"
    later = "command go: {when: {score = 1: {to: idle}}}\n    receive accept: {set: {score: 1}}"
    asked = ASKING.replace("receive accept: {to: idle}", later).replace(
        "initial: idle", "variables: {score: integer 0..1 = 0}\ninitial: idle"
    )

    assert "stuck" in found(explored(ASKING, silent))
    assert "stuck" not in found(explored(asked, silent))  # though what it may be asked for has to wait
    assert "stuck" not in found(explored(ASKING.replace("  waiting:", "  waiting:\n    rests: true"), silent))


def test_who_waits_for_a_link_rests_as_long_as_there_is_none() -> None:
    """Seen to fail when `restored` made a state rest that sees its link."""
    left = """
        initial: on
        states:
          on:
            rests: true
            lost right: {to: off}
          off:
            restored right: {to: on}
        otherwise: ignore
    """
    begins_off = left.replace("initial: on", "initial: begun").replace(
        "          on:", "          begun:\n            after patience: {to: off}\n          on:"
    )

    assert "stuck" not in found(explored(left, IDLE, check="faults: [lost l once]"))
    assert "stuck" in found(explored(begins_off, IDLE))


def test_what_is_said_to_recur_may_go_on_for_ever() -> None:
    """Seen to fail when `recurring` was read and not looked at."""
    ticking = "initial: on\nstates:\n  on:\n    after patience: {send: say to right with what = one, to: on}\n"
    hearing = "initial: on\nstates:\n  on:\n    receive say: ignore\n"

    assert "busy-for-ever" in found(explored(ticking, hearing))
    assert "busy-for-ever" not in found(explored(ticking.replace("to: on}", "to: on, recurring: true}"), hearing))


# -- claims


def test_settled_is_not_while_somebody_has_yet_to_notice() -> None:
    """Nor while a link is down.  Seen to fail when quiescence was enough."""
    left = """
        initial: on
        states:
          on: {rests: true, lost right: {to: off}}
          off: {rests: true, restored right: {to: on}}
        otherwise: ignore
    """
    lost = "faults: [lost l once]"

    assert claim("settled: left is on", left=left, check=lost) is Outcome.HOLDS
    assert claim("always: left is on", left=left, check=lost) is Outcome.FAILS
    assert claim("settled: left is on", left=left.replace("to: on", "to: off"), check=lost) is Outcome.FAILS


# -- sequences


def shown(steps_: str, more: str = "", left: str = ASKING, right: str = GRANTING, check: str = "queue: 2") -> Outcome:
    text = f"sequences:\n  shown:\n    title: It is shown\n{more}    steps:\n{steps_}"
    exploration = explored(left, right, text, check)
    return next(each.outcome for each in exploration.verdicts if each.kind == "sequence")


GRANTED = "      - left -> right: ask\n      - right -> left: accept\n"


def test_a_sequence_begins_where_its_flow_is_as_at_first() -> None:
    """Or where it says.  Seen to fail when it began anywhere."""
    silent = "initial: ready\nstates:\n  ready:\n    receive ask: ignore\n"
    left = ASKING.replace("commands: {go: {}}", "commands: {go: {}, stop: {}}").replace(
        "receive accept: {to: idle}", "command stop: {to: idle}\n    receive accept: {to: idle}"
    )
    stops = "      - left does: stop\n"

    assert shown("      - left does: go\n      - left -> right: ask\n", left=left, right=silent) is Outcome.HOLDS
    assert shown(stops, left=left, right=silent) is Outcome.FAILS
    assert shown(stops, "    starts: {left: waiting}\n", left=left, right=silent) is Outcome.HOLDS


def test_a_sequence_ends_where_it_says_with_nothing_in_flight() -> None:
    """Seen to fail when `ends` was not looked at."""
    asks = "      - left does: go\n      - left -> right: ask\n"

    assert shown(asks) is Outcome.FAILS  # the answer is under way
    assert shown("      - left does: go\n" + GRANTED, "    ends: {left: idle}\n") is Outcome.HOLDS
    assert shown("      - left does: go\n" + GRANTED, "    ends: {left: waiting}\n") is Outcome.FAILS


def test_what_a_sequence_does_not_tell_may_be_told() -> None:
    """Answers and notifications need not be written, messages must.  Seen to fail when notices were bound, too."""
    telling = ASKING.replace("commands: {go: {}}", "commands: {go: {}}\nnotifications: {granted: {}}")
    telling = telling.replace("receive accept: {to: idle}", "receive accept: {notify: granted, to: idle}")
    deciding = GRANTING.replace("{send: accept to left}", "{decide mood: {good: {send: accept to left}, bad: ignore}}")

    assert shown("      - left does: go\n" + GRANTED, left=telling, right=deciding) is Outcome.HOLDS
    assert (
        shown("      - left does: go\n      - right -> left: accept\n", left=telling, right=deciding) is Outcome.FAILS
    )


# -- requires


def test_what_is_required_may_cease_and_nothing_happens_by_itself() -> None:
    """Only its commands are refused from then on.  Seen to fail when what is required was not asked for."""
    later = """
        flow: later
        title: Something to be done while left waits
        uses: [talk]
        requires: {left: talk is waiting}
        roles: {left: left, right: right}
        machines:
          left:
            commands: {begin: {}, end: {}}
            initial: off
            states:
              off: {command begin: {to: on}, leaves talk waiting: ignore}
              on: {command end: {to: off}, leaves talk waiting: ignore}
        checks:
          both: {parties: {l: left, r: right}}
    """
    standard = small_standard(
        vocabulary=VOCABULARY, messages=MESSAGES, talk=flow_text(ASKING, GRANTING), later=dedent(later)
    )
    flow = named(standard.flows, "later")
    of = Space(system(standard, flow, flow.checks[0]))
    waiting = first(of, of.start(), "command", "go")
    begun = first(of, waiting, "command", "begin")
    answered = first(of, first(of, begun, "deliver"), "deliver")

    assert not steps(of, of.start(), "command", "begin")
    assert steps(of, begun, "command", "end")
    assert not steps(of, answered, "command", "end")
    assert {each.state for each in of.party(answered, 0).instances} == {"idle", "on"}
