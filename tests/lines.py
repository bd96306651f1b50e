"""Two small flows: a talk that is asked for, and the line that others see of it."""

from clausework.model.standard import Standard
from support import small_standard

VOCABULARY = """
    vocabulary: small
    roles: {user: {means: Calls}, box: {means: Is called}}
    connections: {wire: {between: user and box}}
"""
MESSAGES = """
    messages:
      ask: {from: user, to: box}
      yes_sir: {from: box, to: user}
      no_sir: {from: box, to: user}
      bye: {from: user, to: box}
      welcome: {from: box, to: user}
      farewell: {from: user, to: box}
"""
LARGE = """
    flow: talk
    roles: {user: user, box: box}
    decisions: {mood: {question: Is the box willing, answers: [good, bad]}}
    machines:
      user:
        one per: connection
        commands: {call: {}, end: {}}
        initial: idle
        states:
          idle:
            command call: {send: ask to connection, to: asking}
          asking:
            receive yes_sir: {to: talking}
            receive no_sir: {to: idle}
          talking:
            command end: {send: bye to connection, to: idle}
      box:
        one per: connection
        initial: idle
        states:
          idle:
            rests: true
            receive ask:
              decide mood:
                good: {send: yes_sir to connection, to: talking}
                bad: {send: no_sir to connection}
          talking:
            rests: true
            receive bye: {to: idle}
    checks:
      once: {parties: {ann: user, hall: box}, queue: 2}
      twice: {parties: {ann: user, ben: user, hall: box}, queue: 2}
      mallory: {parties: {ann: user, hall: box}, faults: [attack ann]}
"""
SMALL = """
    flow: line
    roles: {user: user, box: box}
    stands for:
      flow: talk
      seen:
        user: {down: user is idle|asking, up: user is talking}
        box: {down: box is idle, up: box is talking}
    machines:
      user:
        one per: connection
        commands: {hang_up: {}}
        initial: down
        states:
          down:
            rests: true
            receive welcome: {to: up}
          up:
            command hang_up: {send: farewell to connection, to: down}
      box:
        one per: connection
        commands: {admit: {}}
        initial: down
        states:
          down:
            command admit: {send: welcome to connection, to: up}
          up:
            rests: true
            receive farewell: {to: down}
    checks:
      plain: {parties: {zoe: user, shop: box}, queue: 2}
"""


def standard(line: str = SMALL, talk: str = LARGE) -> Standard:
    return small_standard(vocabulary=VOCABULARY, messages=MESSAGES, talk=talk, line=line)


def changed(text: str, *changes: tuple[str, str]) -> str:
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text
