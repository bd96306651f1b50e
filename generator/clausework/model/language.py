"""The keys of the language: which words may stand where.

One table for the reader, which refuses everything else, and for the schemas that editors complete from.
`*` stands for names or phrases of the author's (states, triggers, messages).
"""

ABOUT = ("source", "mark", "level", "note", "title")

KEYS: dict[str, tuple[str, ...]] = {
    "standard": ("standard", "title", "edition", "imports", "clauses", "figures", "tables", "statements", *ABOUT),
    "clause": ("page", "omitted", "clause", "shows", *ABOUT),
    "vocabulary": ("vocabulary", "roles", "connections", "types", "parameters", "entities", "relations", *ABOUT),
    "role": ("means", "is a", "abstract", "belongs to", *ABOUT),
    "connection": ("between", "datagram", *ABOUT),
    "type": ("is", "enum", "pattern", "columns", "rows", "means", *ABOUT),
    "parameter": ("type", "unit", "means", "value", "check", *ABOUT),
    "entity": ("means", "attributes", "key", *ABOUT),
    "relation": ("relates", "means", *ABOUT),
    "messages": ("messages", *ABOUT),
    "message": (
        *("between", "from", "to", "fields", "wire", "answers", "provisional", "abstract", "is a", "over"),
        *ABOUT,
    ),
    "wire": ("xmpp", "https", "type", "element", "namespace", "at", *ABOUT),
    "flow": (
        *("flow", "uses", "extends", "roles", "requires", "decisions"),
        *("machines", "sequences", "properties", "checks", "stands for"),
        *ABOUT,
    ),
    "stand-in": ("flow", "check", "seen", *ABOUT),
    "lifeline": ("is", "at", "another", "*", *ABOUT),
    "decision": ("question", "answers", "rigid", *ABOUT),
    "machine": (
        *("one per", "commands", "notifications", "variables", "durable", "definitions", "columns", "initial"),
        *("states", "groups", "anywhere", "singly", "effects", "state tables", "decision tables", "otherwise"),
        *ABOUT,
    ),
    "state": (
        *("initial", "states", "final", "rests", "ignore", "defer", "impossible", "otherwise", "*"),
        *ABOUT,
    ),
    "group": ("states", "*", *ABOUT),
    "effect": (
        *("set", "send", "close", "notify", "do", "to", "forget", "recurring", "when", "when *", "decide *", "table"),
        *ABOUT,
    ),
    "decision table": ("given", "rows", *ABOUT),
    "sequence": ("starts", "steps", "ends", "impossible", "spans", *ABOUT),
    "step": (
        *("alternatives", "parallel", "optional", "repeat", "sequence", "as", "never", "lost", "forged", "*"),
        *ABOUT,
    ),
    "property": (
        *("always", "never", "settled", "possible", "whenever", "eventually", "within", "precedes", "before"),
        *("unchanged", "from", "to", "if", "unless", "refuted"),
        *ABOUT,
    ),
    "check": (
        *("parties", "connections", "down", "queue", "full", "bind", "commands", "faults", "notice", "reconnects"),
        *("ticks", "delivery", "most", "large", "given", "claims"),
        *ABOUT,
    ),
}

TRIGGERS = ("receive", "command", "after", "lost", "restored", "restarted", "enters", "leaves")
DISPOSITIONS = ("ignore", "defer", "impossible", "reject with", "close", "close with")
STEP_VERBS = ("does", "is told", "decides", "waits", "loses", "restores", "is")
RESTARTS = "restarts"
"""The one that says nothing further: `- a restarts`."""
RESERVED = frozenset(
    {
        *("and", "or", "not", "implies", "iff", "is", "in", "of", "where", "size", "exists", "count", "new", "by"),
        *("as", "each", "other", "given", "full", "empty", "connected", "true", "false", "none", "any", "else"),
        *("me", "sender", "connection", "message", "answer", "state", "kind"),
    }
)
"""Words that mean something in expressions: nothing of the author's can be called so."""
