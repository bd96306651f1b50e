"""What can be wrong with the text of a specification, and what a word can fail to name."""

from clausework.diagnostics import Rule, Severity
from clausework.expr import rules as expression


def _error(slug: str, summary: str, page: str) -> Rule:
    return Rule(slug, Severity.ERROR, summary, page)


NOT_UTF8 = _error(
    "not-utf-8",
    "a file is not UTF-8 text",
    "Specifications are UTF-8. Save the file in that encoding; the place shown is the first byte that isn't.",
)
EMPTY_FILE = _error(
    "empty-file",
    "a file has nothing in it",
    "Every file of a specification begins with its kind: `standard: NAME`, `vocabulary: NAME`, `messages:`, `flow: NAME`.",
)
TOO_LARGE = _error(
    "too-large",
    "a file is larger or more deeply nested than any specification",
    "Files are read up to 4 MiB, 60 levels and 500,000 nodes, so that a broken or hostile file cannot exhaust memory.",
)
YAML_SYNTAX = _error(
    "yaml-syntax",
    "a file is not YAML",
    "The parser could not go on here. Usual causes: indentation that doesn't line up, a missing space after `:`, "
    "an unclosed bracket, a `:` or `#` inside a text that isn't quoted.",
)
TAB = _error("tab", "a tab stands where YAML wants spaces", "YAML is indented with spaces. Replace the tab by spaces.")
ALIAS = _error(
    "yaml-alias",
    "an anchor, alias or tag of YAML is used",
    "Specifications say everything where it belongs: no `&anchor`, `*alias`, `!tag` or `<<`. "
    "For what several places share there are named effects, definitions and groups.",
)
REPEATED_KEY = _error(
    "repeated-key",
    "a key stands twice",
    "The second would silently replace the first. A trigger stands once in a state: put the alternatives inside it, under `when:`.",
)
UNKNOWN_KEY = _error(
    "unknown-key",
    "a key has no meaning here",
    "Nothing is ignored silently. In a one-line `{...}` a comma begins a new key: join the fields of a message by `and`.",
)
MISSING_KEY = _error(
    "missing-key", "something that is needed is not said", "The message names the key and its element."
)
WRONG_SHAPE = _error(
    "wrong-shape",
    "a text, list or mapping stands where another is needed",
    "The message says what is needed. An empty value (`key:` with nothing after it) is none of them.",
)
BAD_NAME = _error(
    "bad-name",
    "a name cannot be used",
    "Names are lower-case words, `a-z`, digits and `_`, and none of the words of the expression language.",
)
REPEATED_NAME = _error(
    "repeated-name",
    "two things have the same name",
    "Names of one kind are unique in a standard (roles, types, messages, flows) or in a machine (states, variables).",
)
UNKNOWN_STANDARD = _error(
    "unknown-standard",
    "an imported standard is not there",
    "Imports name other folders of `spec/` by their `standard:`.",
)
CYCLIC_IMPORT = _error(
    "cyclic-import",
    "standards or flows stand on each other in a circle",
    "What is imported, extended or is a kind of something must come first. Two flows may *use* each other.",
)
UNKNOWN_ROLE = _error("unknown-role", "a role is not declared", "Roles are declared in `vocabulary.yaml`.")
UNKNOWN_TYPE = _error(
    "unknown-type",
    "a type is not declared",
    "Types are `boolean`, `integer a..b`, `text a..b`, `bytes a..b`, `secret`, `duration`, `a|b|c`, `party R`, "
    "`list of T a..b`, `set of T a..b`, `optional T`, a named type of the vocabulary, or a message in a list.",
)
UNKNOWN_PARAMETER = _error(
    "unknown-parameter", "a parameter is not declared", "Every unknown number is a parameter of `vocabulary.yaml`."
)
UNKNOWN_MESSAGE = _error("unknown-message", "a message is not declared", "Messages are declared in `messages.yaml`.")
UNKNOWN_FIELD = _error(
    "unknown-field", "a message, command, notification or entity has no such field", "The help names those that it has."
)
UNKNOWN_FLOW = _error("unknown-flow", "a flow is not there", "Flows are the files of `flows/`; `flow:` names them.")
UNKNOWN_LIFELINE = _error(
    "unknown-lifeline", "a role of the flow is not declared", "The parts of a flow are named under its `roles:`."
)
UNKNOWN_MACHINE = _error(
    "unknown-machine",
    "a machine belongs to no role of the flow",
    "Machines are named by a role of the flow, or by the kind of party if several roles run the same machine.",
)
UNKNOWN_STATE = _error("unknown-state", "a machine has no such state", "The help names those that it has.")
UNKNOWN_VARIABLE = _error(
    "unknown-variable", "a machine has no such variable", "Variables are declared under `variables:`."
)
UNKNOWN_COMMAND = _error("unknown-command", "a machine has no such command", "Commands are declared under `commands:`.")
UNKNOWN_NOTIFICATION = _error(
    "unknown-notification", "a machine has no such notification", "Notifications are declared under `notifications:`."
)
UNKNOWN_DECISION = _error(
    "unknown-decision", "a decision or answer is not declared", "Decisions are declared under `decisions:` of the flow."
)
UNKNOWN_EFFECT = _error(
    "unknown-effect",
    "an effect or table is not declared",
    "Named effects stand under `effects:`, tables under `decision tables:`.",
)
UNKNOWN_ENTITY = _error(
    "unknown-entity", "a relation is of an entity that is not declared", "Entities stand in `vocabulary.yaml`."
)
UNKNOWN_CLAIM = _error(
    "unknown-claim", "the flow has no such property or sequence", "`claims` of a check names some of its own flow."
)
UNKNOWN_SEQUENCE = _error(
    "unknown-sequence", "a sequence is not there", "`sequence: name`, or `flow.name` of a flow that is used."
)
UNKNOWN_CHECK = _error(
    "unknown-check",
    "there is no check of this name",
    "`stands for` names a check of its own flow: in it the flow is explored, and it has to do whatever the larger flow does.",
)
BAD_PHRASE = _error(
    "bad-phrase",
    "a phrase cannot be read",
    "Triggers, sends, steps and sources are short phrases with fixed words; the message says what was expected.",
)
BAD_DIRECTION = _error(
    "bad-direction",
    "a message goes where it cannot go",
    "`between:`, `from:` and `to:` of the message say which role sends it to which; a connection must join the two.",
)
MISSING_FIELD = _error(
    "missing-field",
    "a field of a message has no value",
    "A field that isn't given is filled by a variable, key, field or argument of the same name, then by its default. There is none.",
)
MISSING_BRANCH = _error(
    "missing-branch",
    "an answer, value or case has no branch",
    "Alternatives are exclusive and complete: every answer of a decision, every value of an enumeration, every combination of a table.",
)
REPEATED_TRIGGER = _error(
    "repeated-trigger",
    "a trigger stands twice in a state",
    "Also by way of a table, of `a|b`, or of the flow that is extended. Put the alternatives into one place.",
)
MISSING_LEAVES = _error(
    "missing-leaves",
    "a state does not say what happens when what the machine requires ceases",
    "A machine with `requires:` says in every state (or in a group, `anywhere`, or by `otherwise`) what `leaves FLOW STATE` does.",
)
BAD_KEY = _error(
    "no-address",
    "nothing says which instance a message is for",
    "A machine kept `one per` something finds the key in a field of the message of the same name, in its sender "
    "(if the key is the role that it comes from), in its connection, or where `one per: {key: {...}}` says.",
)
BAD_NUMBER = _error("bad-number", "a number is not one, or out of range", "The message says what was possible.")
CONTRADICTION = _error("contradiction", "two things are said that exclude each other", "The message names them.")
MISSING_FILE = _error(
    "missing-file",
    "a file of the specification is not there",
    "A standard needs `standard.yaml`, `vocabulary.yaml`, `messages.yaml` and `flows/`.",
)

RULES = (
    *(NOT_UTF8, EMPTY_FILE, TOO_LARGE, YAML_SYNTAX, TAB, ALIAS, REPEATED_KEY, UNKNOWN_KEY, MISSING_KEY, WRONG_SHAPE),
    *(BAD_NAME, REPEATED_NAME, UNKNOWN_STANDARD, CYCLIC_IMPORT, UNKNOWN_ROLE, UNKNOWN_TYPE, UNKNOWN_PARAMETER),
    *(UNKNOWN_MESSAGE, UNKNOWN_FIELD, UNKNOWN_FLOW, UNKNOWN_LIFELINE, UNKNOWN_MACHINE, UNKNOWN_STATE),
    *(
        UNKNOWN_VARIABLE,
        UNKNOWN_COMMAND,
        UNKNOWN_NOTIFICATION,
        UNKNOWN_DECISION,
        UNKNOWN_EFFECT,
        UNKNOWN_ENTITY,
        UNKNOWN_CLAIM,
        UNKNOWN_CHECK,
        UNKNOWN_SEQUENCE,
    ),
    *(BAD_PHRASE, BAD_DIRECTION, MISSING_FIELD, MISSING_BRANCH, REPEATED_TRIGGER, MISSING_LEAVES, BAD_KEY),
    *(BAD_NUMBER, CONTRADICTION, MISSING_FILE),
    *expression.RULES,
)
