"""Names that Python has for itself: behind a prefix they stay as they are, and everything still fits together."""

import importlib
import sys
from pathlib import Path

import pytest

from clausework.emit.python import package
from clausework.runtime import Notify, Peer, deliver
from support import small_standard

VOCABULARY = """
    vocabulary: small
    roles: {left: {means: One end}, right: {means: The other end}}
    connections: {wire: {between: left and right}}
    parameters: {time: {unit: second, check: 1}}
"""
MESSAGES = """
    messages:
      open: {from: left, to: right}
      next: {from: right, to: left}
"""
FLOW = """
    flow: talk
    title: Talk
    roles: {left: left, right: right}
    decisions: {filter: {question: May it pass, answers: [pass, stop]}}
    machines:
      left:
        commands: {input: {}}
        notifications: {print: {}}
        initial: idle
        states:
          idle:
            command input: {send: open to right}
            receive next: {notify: print}
      right:
        initial: idle
        states:
          idle:
            receive open: {decide filter: {pass: {send: next to left}, stop: {to: class}}}
          class:
            after time: {to: idle}
        otherwise: ignore
"""


class Hooks:
    def __init__(self) -> None:
        self.told: list[str] = []

    def on_print(self) -> None:
        self.told.append("print")


def test_hooks_and_methods_are_called_by_the_names_of_the_specification(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for artifact in package(small_standard(vocabulary=VOCABULARY, messages=MESSAGES, talk=FLOW)):
        path = tmp_path / "clashes" / artifact.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(artifact.text, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    talk = importlib.import_module("clashes.small.talk")
    machines = importlib.import_module("clashes.small.talk_machines")
    messages, hooks = importlib.import_module("clashes.small.messages"), Hooks()
    parameters = importlib.import_module("clashes.small.vocabulary").Parameters(time=1.0)

    class Stops:
        def decide_filter(self, *_: object) -> object:
            return talk.FilterAnswer.STOP

    effects = talk.Left(me="l").receive_next(messages.Next(), Peer("r", "right"), now=0.0)
    right = talk.Right(me="r", parameters=parameters, decisions=Stops())
    chart = machines.RightMachine(machines.RightModel(me="r", parameters=parameters, decisions=Stops()))
    peer = Peer("l", "left")

    assert [each.name for each in effects if isinstance(each, Notify)] == ["print"]
    assert deliver(effects, hooks) == ()
    assert hooks.told == ["print"]
    assert right.receive_open(messages.Open(), peer, now=0.0) == chart.take(messages.Open(), peer, now=0.0)
    assert right.after_time(now=1.0) == chart.expires("time", now=1.0)
    assert str(right.state) == chart.current_state_value == "idle"
    assert "clashes" in sys.modules
