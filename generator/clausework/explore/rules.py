"""What an exploration can find."""

from clausework.diagnostics import Rule, Severity

_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

IMPOSSIBLE = Rule(
    "impossible",
    _ERROR,
    "what the specification calls impossible can happen",
    """A message arrives in a state that has no line for it, and nothing is said of unexpected messages there: then the
specification claims that it cannot arrive. The sequence shows how it can.

Say what happens: `receive M: ...`, `ignore: [M]`, `defer: [M]`, or `otherwise:` for the state or the machine.""",
)
TWO_TRANSITIONS = Rule(
    "two-transitions",
    _ERROR,
    "two transitions are enabled at once",
    "The guards of two branches of one trigger hold together. The order of writing never decides: narrow one of them.",
)
OUT_OF_RANGE = Rule(
    "out-of-range",
    _ERROR,
    "a variable would leave its range",
    "A value is never wrapped or cut. Guard the transition (`tries + 1 < most`), or widen the type.",
)
SENT_TO_NOWHERE = Rule(
    "sent-to-nowhere",
    _ERROR,
    "a message is sent where there is no connection",
    "The message is gone. Guard the send with `is connected`, store it, or react to `lost`.",
)
TOO_MANY_DEFERRED = Rule(
    "too-many-deferred",
    _ERROR,
    "more messages are deferred than a queue holds",
    "A deferred message waits for the next change of state. Here it waits for one that may never come.",
)
NOBODY_TAKES = Rule(
    "nobody-takes",
    _ERROR,
    "a message arrives that no machine of the party knows",
    "Every message that a role receives belongs to one of its machines, at least by `ignore`.",
)
STUCK = Rule(
    "stuck",
    _ERROR,
    "a session hangs",
    """Nothing is in flight, no timer runs, and somebody waits in a state that is no place to rest: for an answer that
doesn't come. States where one may stay are the initial one, those with commands, `final:` ones and those that say `rests: true`.""",
)
NEVER_LEAVES = Rule(
    "never-leaves",
    _ERROR,
    "a machine never gets out of a state where nobody rests",
    """Others may still go on, but no way without a fault leads this machine out of its state any more: what it waits for
cannot come. The sequence shows how it got there. Say what ends the waiting, or `rests: true` if it is right to stay.""",
)
UNREAD = Rule(
    "unread",
    _WARNING,
    "a deferred message is never read",
    """The message was kept for the next change of state, and nothing happens by itself any more. Answer it, ignore it, or
say what makes the state change.""",
)
NEVER_GIVEN = Rule(
    "never-given",
    _ERROR,
    "a request is never answered",
    """Nothing is in flight, the request is open, and nobody has it any more: it was ignored, lost or forgotten. Answer it in
every state, or let the one who asks give up after a time.""",
)
GIVEN_TWICE = Rule(
    "given-twice",
    _ERROR,
    "a response is given to no request",
    """Every response belongs to a request that was received and not answered yet. Here none is left: it has been answered
before, or nobody asked. Responses that come by themselves are messages that `answers` nothing.""",
)
BUSY = Rule(
    "busy-for-ever",
    _WARNING,
    "it goes on for ever by itself",
    """Steps that nobody outside has asked for go round in a circle, and every message is delivered and every timer expires on
the way. If that is meant (a keep-alive, a renewal), say `recurring: true` at one of its transitions.""",
)
NEVER_EXERCISED = Rule(
    "never-exercised",
    _WARNING,
    "no check exercises a part of a machine",
    """In nothing that was explored does this happen. Either it cannot (then it is dead, or something before it is wrong), or
the checks are too small: let one of them have the parties, commands, values and faults that it needs.""",
)
QUEUE_BOUND = Rule(
    "queue-bound",
    _NOTE,
    "a queue was full",
    """What needs a longer queue was not explored: the answer is for queues of this length. Raise `queue:` of the check, or
say `full: error` if no queue may ever fill.""",
)
QUEUE_OVERFLOW = Rule(
    "queue-overflow",
    _ERROR,
    "a queue is full, which the check calls an error",
    "The check says `full: error`. The sequence shows how the queue fills.",
)
FULL_CYCLE = Rule(
    "full-cycle",
    _ERROR,
    "everybody waits for room in a queue",
    "All that could happen is blocked by full queues, and nothing else can happen. This is no deadlock of the protocol: raise `queue:`.",
)
PROPERTY = Rule(
    "property",
    _ERROR,
    "a property doesn't hold",
    "The sequence is a shortest one that breaks it. If it is known not to hold, say so: `refuted: the reason`.",
)
NOT_REFUTED = Rule(
    "not-refuted",
    _ERROR,
    "a property holds that is said to be refuted",
    "`refuted:` names what is known to fail, and it doesn't fail any more: remove it, or look for what changed.",
)
SEQUENCE = Rule(
    "sequence",
    _ERROR,
    "a sequence of the standard cannot happen",
    "No run of the machines shows exactly this sequence. The help says how far the nearest one comes, and what was next.",
)
NEGATIVE_SEQUENCE = Rule(
    "negative-sequence",
    _ERROR,
    "a sequence can happen that must not",
    "It says `impossible: true`, and a run contains it.",
)
NEVER_BEGINS = Rule(
    "never-begins",
    _ERROR,
    "a negative sequence begins nowhere",
    """What is said to be impossible is only looked for where its `starts` holds and nothing of its session is in flight. There
is no such configuration, so nothing was shown.

Let a check come there, or correct `starts`.""",
)
MANY_CHARTS = Rule(
    "many-charts",
    _WARNING,
    "a sequence has more charts than are looked at",
    """Each choice among alternatives, with or without an optional part, so or so many times, gives a chart, and all of them
are looked for. Some of them were not. Parts of `parallel` make no difference: they have no order.""",
)
NO_SESSION = Rule(
    "no-session",
    _ERROR,
    "a check has nobody for some part of its flow",
    "Properties and sequences are claimed for every way to give each part a party of its own. Here there is none, so nothing was judged: add a party, or say `claims: []` if that is meant.",
)
NOT_INCLUDED = Rule(
    "trace-inclusion",
    _ERROR,
    "a flow does what the flow that stands for it doesn't",
    """A flow that `stands for` a larger one is what the other flows see of it, so each run of the larger flow, seen as the
states of the stand-in's machines, has to be a run of the stand-in (trace inclusion; a state that stays is seen once). The
sequence is a shortest run of the larger flow whose last step the stand-in can't follow, wherever it may be by then; the
help says where it goes instead.

Let the stand-in do the same, or say in `seen` what is really seen. A connection that the stand-in has in a state, the
larger flow needs to have there, too: others send over it.""",
)
UNCLEAR = Rule(
    "unclear-state",
    _ERROR,
    "a larger flow is seen in no state of its stand-in, or in several",
    """Of the conditions that `seen` gives for a part, exactly one has to hold whenever it can be looked at. The sequence leads
to where none does, or more than one.""",
)
UNMATCHED = Rule(
    "unmatched-session",
    _ERROR,
    "nobody knows which session of a stand-in stands for which of the larger flow",
    """The stand-in is explored with the parties and the connections of the larger flow's check. Then each of its sessions has
to be found in the larger flow: the same parties in the same parts, and the same connection, if the stand-in's machines are kept for
one.""",
)
NEVER_MATCHED = Rule(
    "never-matched",
    _NOTE,
    "a larger flow is never seen to do something that its stand-in does",
    """No check of the larger flow shows it. The claim holds all the same: what is explored with the stand-in is only more than
there is. But it may be that the larger flow's checks are too small (no fault, no second connection), or that `seen` says too little.""",
)
INCOMPLETE = Rule(
    "incomplete",
    _WARNING,
    "the search stopped before everything was seen",
    "What holds so far may fail beyond. Raise `most:`, or make the check smaller (fewer parties, `commands:`, shorter queues).",
)
UNBOUND = Rule(
    "unbound-choice",
    _ERROR,
    "a free choice among too many values",
    "Somebody may choose any value of this type. Name the ones to try: `bind: {type: [value, value]}` in the check.",
)

RULES = (
    *(IMPOSSIBLE, TWO_TRANSITIONS, OUT_OF_RANGE, SENT_TO_NOWHERE, TOO_MANY_DEFERRED, NOBODY_TAKES, STUCK),
    *(NEVER_LEAVES, UNREAD, NEVER_GIVEN, GIVEN_TWICE, BUSY, NEVER_EXERCISED),
    *(
        QUEUE_BOUND,
        QUEUE_OVERFLOW,
        FULL_CYCLE,
        PROPERTY,
        NOT_REFUTED,
        SEQUENCE,
        NEGATIVE_SEQUENCE,
        NEVER_BEGINS,
        MANY_CHARTS,
    ),
    *(NO_SESSION, NOT_INCLUDED, UNCLEAR, UNMATCHED, NEVER_MATCHED, INCOMPLETE, UNBOUND),
)


def to_go_on(stopped: str) -> str:
    """What helps, by why a search stopped."""
    if "interrupted" in stopped:
        return "let it go on, or make the check smaller"
    if "seconds" in stopped:
        return "allow it more time (`--seconds`), or make the check smaller"
    if "bytes of memory" in stopped:
        return "allow it more memory (`--memory`), or make the check smaller"
    if "no more memory" in stopped:
        return "make the check smaller"
    return "raise `most:`, or make the check smaller"
