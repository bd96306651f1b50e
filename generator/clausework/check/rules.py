"""What can be found in a specification by looking at it, without exploring."""

from clausework.diagnostics import Rule, Severity

_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

UNREACHABLE_STATE = Rule(
    "unreachable-state",
    _ERROR,
    "no transition leads to a state",
    "Nothing enters this state from the initial one, whatever the guards say. Add the transition, or remove the state.",
)
TRAP_STATE = Rule(
    "trap-state",
    _WARNING,
    "a state is never left",
    "There is no way out of this state. If that is meant, say `final: true` (it is over) or `rests: true` (it may stay).",
)
DEAD_TRANSITION = Rule(
    "dead-transition",
    _ERROR,
    "a transition can never be taken",
    "Its guards contradict each other: no values make all of them true.",
)
OVERLAPPING_BRANCHES = Rule(
    "overlapping-branches",
    _ERROR,
    "two branches can hold at once",
    "The order of writing never decides. The message gives values for which both hold: narrow one of the guards.",
)
MISSING_CASE = Rule(
    "missing-case",
    _ERROR,
    "no branch holds for some values",
    "The alternatives of a `when:` or of a table cover everything. The message gives values that none of them takes; add a "
    "branch, or `else:` (`else: impossible` claims that it cannot happen, and is tested).",
)
UNUSED_MESSAGE = Rule(
    "unused-message", _WARNING, "nobody sends or receives a message", "Use it in a flow, or remove it."
)
NEVER_SENT = Rule(
    "never-sent",
    _WARNING,
    "a message is received and never sent",
    "Some machine waits for it, and no machine of the standard sends it.",
)
NEVER_RECEIVED = Rule(
    "never-received",
    _ERROR,
    "a message is sent and nobody takes it",
    "No machine of the receiving role has a trigger or a disposition for it in any state. Add one, at least `ignore:`.",
)
UNREAD_FIELD = Rule(
    "unread-field",
    _NOTE,
    "no machine reads a field of a message",
    "It may be there for the application or for the wire only. If it matters to the protocol, a guard or update is missing.",
)
UNUSED_VARIABLE = Rule(
    "unused-variable", _WARNING, "a variable is never read", "It is set, or not even that; nothing depends on it."
)
UNUSED_PARAMETER = Rule(
    "unused-parameter", _WARNING, "a parameter is used nowhere", "Use it as a bound or a timer, or remove it."
)
UNUSED_TYPE = Rule("unused-type", _WARNING, "a type is used nowhere", "Use it, or remove it.")
UNUSED_COMMAND = Rule(
    "unused-command", _WARNING, "a command has no trigger", "No state reacts to it: add `command NAME:`, or remove it."
)
UNUSED_NOTIFICATION = Rule(
    "unused-notification", _WARNING, "a notification is never given", "No effect says `notify:` with it."
)
UNUSED_DECISION = Rule("unused-decision", _WARNING, "a decision is never asked", "No effect says `decide` with it.")
NO_SOURCE = Rule(
    "no-source",
    _WARNING,
    "an element has no source",
    "Everything comes from somewhere: write `source:` at the element, or at the flow or file that it stands in.",
)
UNKNOWN_CLAUSE = Rule(
    "unknown-clause",
    _ERROR,
    "a source names a clause, figure, table or statement that the standard doesn't have",
    "Clauses, figures, tables and statements are those of the contents in `standard.yaml`. Never invent a number: if the subclause is "
    "not known, cite the clause above it.",
)
SELF_REACTION = Rule(
    "circular-reaction",
    _ERROR,
    "machines of one party react to each other in a circle",
    "`enters` and `leaves` happen in the same step; a circle of them would never end.",
)

NOBODY_WOKEN = Rule(
    "nobody-woken",
    _ERROR,
    "what happens elsewhere can't say which instance it wakes",
    "An instance that nothing has happened to isn't kept: it is in its first state, like all others. `enters`, `leaves`, "
    "`lost` and `restored` reach it only if they say its whole key: by components of the same name, by `of`, or as the "
    "party at the other end. Begin in a state where nothing of the kind is awaited, and guard commands by `requires`.",
)

RULES = (
    *(UNREACHABLE_STATE, TRAP_STATE, DEAD_TRANSITION, OVERLAPPING_BRANCHES, MISSING_CASE),
    *(UNUSED_MESSAGE, NEVER_SENT, NEVER_RECEIVED, UNREAD_FIELD, UNUSED_VARIABLE, UNUSED_PARAMETER, UNUSED_TYPE),
    *(UNUSED_COMMAND, UNUSED_NOTIFICATION, UNUSED_DECISION, NO_SOURCE, UNKNOWN_CLAUSE, SELF_REACTION),
    NOBODY_WOKEN,
)
