"""The specification that `clausework new` writes: as small as one can be that has everything."""

from collections.abc import Iterator

_STANDARD = """\
# yaml-language-server: $schema=../schemas/standard.json
standard: {name}
title: Ping, to see how a specification is written
edition: none yet
clauses:
  "1": Whether somebody is there
source: "1"
mark: inferred            # stated, elsewhere, from-reference or inferred: how sure are we of what is written here?
"""

_VOCABULARY = """\
# yaml-language-server: $schema=../schemas/vocabulary.json
vocabulary: {name}

roles:
  client: {{means: Wants to know whether somebody is there}}
  server: {{means: Answers}}

connections:
  line: {{between: client and server}}    # the first one opens it

parameters:               # every number that the standard leaves open has a name
  answer_time: {{unit: second, means: How long a client waits for an answer}}
"""

_MESSAGES = """\
# yaml-language-server: $schema=../schemas/messages.json
messages:
  ping: {{from: client, to: server}}
  pong: {{answers: ping}}
"""

_FLOW = """\
# yaml-language-server: $schema=../../schemas/{folder}-flow.json
flow: ping
title: Asking whether somebody is there

roles: {{client: client, server: server}}

machines:
  client:
    commands: {{ask: {{}}}}                           # what the application can ask for
    notifications: {{present: {{}}, absent: {{}}}}      # what it is told
    initial: idle
    states:
      idle:
        command ask: {{send: ping to server, to: waiting}}
        ignore: [pong]                              # it may come when we have stopped waiting for it
      waiting:
        receive pong: {{notify: present, to: idle}}
        after answer_time: {{notify: absent, to: idle}}
        lost server: {{notify: absent, to: idle}}
  server:
    initial: ready
    states:
      ready:
        receive ping: {{send: pong to sender}}

sequences:
  answered:
    steps:
      - client does: ask
      - client -> server: ping
      - server -> client: pong
      - client is told: present

properties:
  answered: {{possible: client is waiting}}

checks:
  two: {{parties: {{alice: client, home: server}}, queue: 2}}
"""


def starter(name: str) -> Iterator[tuple[str, str]]:
    """The files of a specification in the folder `name`, by path in it."""
    words = {"folder": name, "name": name.replace("-", "_")}
    yield "standard.yaml", _STANDARD.format(**words)
    yield "vocabulary.yaml", _VOCABULARY.format(**words)
    yield "messages.yaml", _MESSAGES.format(**words)
    yield "flows/ping.yaml", _FLOW.format(**words)
