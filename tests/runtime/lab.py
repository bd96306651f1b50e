"""Parties of a small standard that has one of everything that a party does, and ways to make packages while testing."""

import atexit
import importlib
import shutil
import sys
import tempfile
from dataclasses import replace
from functools import cache
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any

from clausework.emit.python.package import package
from clausework.model.standard import Standard
from support import small_standard

_NUMBERS = count(1)


def placed(standard: Standard) -> Standard:
    """The standard under a name of its own, with its package beside the committed ones."""
    named = replace(standard, folder=f"spec/made-{next(_NUMBERS)}")
    for artifact in package(named):
        target = _folder() / artifact.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(artifact.text, encoding="utf-8")
    importlib.invalidate_caches()
    return named


@cache
def _folder() -> Path:
    path = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    sys.path.insert(0, str(path))  # `clausework_standards` has no `__init__`: its parts may lie anywhere
    return path / "clausework_standards"


@cache
def lab() -> Standard:
    return placed(small_standard(**SPEC))


def module(name: str) -> ModuleType:
    return importlib.import_module(f"clausework_standards.{lab().folder.rpartition('/')[2].replace('-', '_')}.{name}")


class Boom(Exception):
    """What a hook raises in these tests."""


class Hooks:
    """Answers with `answer`; whatever `called` does happens in the middle of the step."""

    def __init__(self) -> None:
        self.answer = "CALM"
        self.called: list[Any] = []

    def decide_mood(self, *_: object) -> Any:
        for each in self.called:
            each()
        return module("watch").MoodAnswer[self.answer]


def client(hooks: Hooks | None = None) -> Any:
    parties, vocabulary = module("parties"), module("vocabulary")
    return parties.Client(
        me="ann", parameters=vocabulary.Parameters(patience=5.0, nap=60.0), watch_decisions=hooks or Hooks()
    )


def server() -> Any:
    return module("parties").Server(me="hall")


SPEC = {
    "vocabulary": """
        vocabulary: small
        roles: {client: {means: Asks}, server: {means: Answers}}
        connections: {line: {between: client and server}}
        types: {topic: text 1..9}
        parameters: {patience: {unit: second, check: 1}, nap: {unit: second, check: 2}}
    """,
    "messages": """
        messages:
          ask:      {from: client, to: server, fields: {topic: topic}}
          progress: {answers: ask, provisional: true, fields: {topic: topic}}
          done:     {answers: ask, fields: {topic: topic}}
          poke:     {from: server, to: client, fields: {topic: topic}}
          all:      {from: server, to: client, fields: {topic: topic, topics: set of topic 0..4}}
          late:     {from: client, to: server}
          alarm:    {from: client, to: server}
    """,
    "talk": """
        flow: talk
        title: Questions and answers
        roles: {client: client, server: server}
        machines:
          client:
            one per: topic
            durable: [asked]
            commands: {ask: {}, peek: {}, drop: {}, hurry: {}}
            notifications: {so_far: {}, answered: {}, poked: {}, told: {topic: topic}, alone: {}}
            variables: {asked: integer 0..9999 = 0}
            initial: idle
            states:
              idle:
                command ask: {send: ask to server, set: {asked: asked + 1}, to: waiting}
                command peek: {send: ask to server}
                command drop: {forget: true}
                receive poke: {notify: poked}
              busy:
                initial: waiting
                after nap: {to: idle}
                states:
                  waiting:
                    after patience: {to: slow}
                    command ask: {send: ask to server}
                    defer: [poke]
                    receive done: {notify: answered, to: idle}
                  slow:
                    receive progress: {notify: so_far}
                    defer: [poke]
                    receive done: {notify: answered, to: idle}
                command drop: {forget: true}
                command hurry: {close: server}
                lost server: {notify: alone, to: idle}
            anywhere:
              receive all for each topic in topics: {notify: told}
            otherwise: {any: ignore, stale done: reject with late}
          server:
            one per: client
            commands: {finish: {topic: topic}, go_on: {topic: topic}, poke: {topic: topic}, close: {}}
            notifications: {asked: {topic: topic}, late: {}, alarmed: {}}
            initial: open
            states:
              open:
                receive ask: {notify: asked}
                command finish: {send: done to client}
                command go_on: {send: progress to client}
                command poke: {send: poke to client}
                command close: {to: shut}
                receive late: {notify: late}
                receive alarm: {notify: alarmed}
              shut:
                rests: true
                command finish: {send: done to client, to: open}
                command close: {to: open}
                receive ask: {send: done to client}
                ignore: [late, alarm]
    """,
    "watch": """
        flow: watch
        title: Somebody watches how the talk goes
        uses: [talk]
        roles: {client: client, server: server}
        decisions: {mood: {question: How is it, answers: [calm, upset]}}
        machines:
          client:
            notifications: {waits: {}, left: {}, slow: {}, relieved: {}}
            variables: {seen: integer 0..9999 = 0}
            initial: watching
            states:
              watching:
                rests: true
                enters talk busy:
                  decide mood:
                    calm: {set: {seen: seen + 1}, notify: waits}
                    upset: {send: alarm to server, to: upset}
                leaves talk waiting: {notify: left}
                enters talk slow: {notify: slow}
              upset:
                rests: true
                leaves talk busy: {notify: relieved, to: watching}
            otherwise: ignore
    """,
}
