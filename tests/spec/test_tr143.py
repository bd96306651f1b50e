"""`spec/tr143` against the published states of a test, and the errors that each test may end with."""

from typing import Any

import pytest

from clausework.explore import explore_flow
from clausework.model.standard import named
from clausework.runtime import Peer, Send
from clausework_standards.tr143 import diagnostics, messages, vocabulary
from support import oracle, shipped, shipped_flow

PUBLISHED = oracle("tr143-diagnostics.yaml")
PARAMETERS = vocabulary.Parameters(test_time=10.0, answer_time=30.0, patience=600.0)
ACS = Peer("operator", "acs", "link")
PING = vocabulary.Diagnostic.PING


class Outcome:
    """A CPE that sees its server, and whose tests give what they are to give."""

    def __init__(self, answer: diagnostics.OutcomeAnswer) -> None:
        self.answer = answer

    def decide_outcome(self, *_: object) -> diagnostics.OutcomeAnswer:
        return self.answer

    def is_connected(self, _peer: str) -> bool:
        return True

    def parties(self, _role: str) -> tuple[str, ...]:
        return ("operator",)


MEASURED = diagnostics.OutcomeMeasured(results="8 of 8")
FAILED = diagnostics.OutcomeFailed(error=vocabulary.Error.NO_ROUTE_TO_HOST)


def cpe(answer: diagnostics.OutcomeAnswer) -> Any:
    make: Any = diagnostics.Cpe
    outcome = Outcome(answer)
    made = make(me="box", diagnostic=PING, parameters=PARAMETERS, decisions=outcome, party=outcome)
    write_input(made)
    return made


def write_input(made: Any) -> list[Any]:
    return list(made.receive_write_inputs(messages.WriteInputs(diagnostic=PING, inputs="a host"), ACS, now=0.0))


def request(made: Any) -> list[Any]:
    return list(made.receive_request_test(messages.RequestTest(diagnostic=PING), ACS, now=0.0))


def end_of_session(made: Any) -> list[Any]:
    return list(made.receive_end_session(messages.EndSession(diagnostic=PING), ACS, now=1.0))


def end_of_test(made: Any) -> list[Any]:
    end_of_session(made)
    return list(made.expire(now=made.next_timer()))


def read(made: Any) -> str:
    told = made.receive_read(messages.Read(diagnostic=PING), ACS, now=50.0)
    found = next(each.message.diagnostics_state for each in told if isinstance(each.message, messages.Told))
    return {str(name): str(row[0].value) for name, row in rows("diagnostics_state")}[str(found)]


def rows(enumeration: str) -> Any:
    return named(shipped()["tr143"].types, enumeration).rows


@pytest.mark.parametrize("row", PUBLISHED["states"], ids=lambda row: f"{row['from']}: {row['event']}")
def test_the_state_that_is_read_is_the_published_one(row: dict[str, str]) -> None:
    made = cpe(FAILED if "fails" in row["event"] or row["from"] == "Error_" else MEASURED)
    if row["from"] != "None":
        request(made)
    if row["from"] in ("Complete", "Error_"):
        end_of_test(made)
    assert read(made) == row["from"]

    events: dict[str, Any] = {
        "write Requested": request,
        "write an input": write_input,
        "test succeeds": end_of_test,
        "test fails": end_of_test,
        "write Canceled": lambda made: list(
            made.receive_cancel_test(messages.CancelTest(diagnostic=PING), ACS, now=2.0)
        ),
    }
    said = events[row["event"]](made)

    assert read(made) == row["to"]
    told = [each for each in said if isinstance(each, Send) and isinstance(each.message, messages.TestOver)]
    assert bool(told) is ("tells" in row)


def test_a_test_runs_only_when_the_session_is_over() -> None:
    made = cpe(MEASURED)
    request(made)

    assert made.next_timer() is None
    end_of_session(made)
    assert made.next_timer() == 1.0 + PARAMETERS.test_time


def test_a_test_whose_inputs_were_not_written_is_refused() -> None:
    make: Any = diagnostics.Cpe
    outcome = Outcome(MEASURED)
    made = make(me="box", diagnostic=PING, parameters=PARAMETERS, decisions=outcome, party=outcome)

    assert [type(each.message) for each in request(made) if isinstance(each, Send)] == [messages.TestRefused]


@pytest.mark.parametrize("row", PUBLISHED["errors"], ids=lambda row: row["test"])
def test_a_test_may_end_with_the_published_errors(row: dict[str, Any]) -> None:
    column = 1 + ["IPPing", "DownloadDiagnostics", "UploadDiagnostics"].index(row["test"])
    ours = {str(values[0].value) for _, values in rows("error") if values[column].value}
    download = {str(values[0].value) for _, values in rows("error") if values[2].value}

    assert ours == set(row["after"]) if "after" in row else ours - download == set(row["besides"])


def test_every_check_is_explored_to_the_end_and_finds_nothing() -> None:
    explorations = explore_flow(shipped()["tr143"], shipped_flow("tr143", "diagnostics"))

    assert [(each.check, each.stopped) for each in explorations if not each.complete] == []
    assert [one.name for each in explorations for one in each.verdicts if not one.expected] == []
