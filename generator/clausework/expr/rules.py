"""What can be wrong with an expression."""

from clausework.diagnostics import Rule, Severity

EXPRESSION_SYNTAX = Rule(
    "expression-syntax",
    Severity.ERROR,
    "an expression cannot be read",
    """Guards, updates and values are written in a small language of words:

    tries + 1 < login_tries and condition = temporary_auth_failure

There are `= != < <= > >=`, `+ -`, `and or not implies iff`, `is STATE|STATE`, `is given`, `is full`,
`is empty`, `in`, `size of`, `exists X where`, `count of X where`, `new x` and parentheses.""",
)
UNKNOWN_NAME = Rule(
    "unknown-name",
    Severity.ERROR,
    "a word in an expression stands for nothing",
    """A word must be a variable, key, column or definition of the machine, a field of the message received, an
argument of the command, a parameter of the vocabulary, or, beside an enumeration, one of its values.""",
)
AMBIGUOUS_NAME = Rule(
    "ambiguous-name",
    Severity.ERROR,
    "a word can be read in two ways",
    """The word is both a name (a variable, a field) and a value of the enumeration that it is compared with.
Rename one of them, or write `message.name` for the field.""",
)
WRONG_TYPE = Rule(
    "wrong-type",
    Severity.ERROR,
    "an expression has another type than its place needs",
    """Guards are boolean; both sides of a comparison have one type; only integers are ordered, added and subtracted;
opaque values (text, bytes, secrets) are compared for equality and copied, nothing else. An `optional` must be
tested with `is given` before its value is used where a value is required.""",
)
SECRET_LEAK = Rule(
    "secret-leak",
    Severity.ERROR,
    "a secret goes where it can be seen",
    """A secret is compared for equality and sent in fields of type `secret`; it is never notified, never stored in
anything but a secret, and never compared with something that isn't one.""",
)

RULES = (EXPRESSION_SYNTAX, UNKNOWN_NAME, AMBIGUOUS_NAME, WRONG_TYPE, SECRET_LEAK)
