"""clausework: a communication standard as data that runs.

The map of the package.  Nouns are what we know; verbs are what we do; a verb
imports nouns, never another verb, and only `pipeline` knows all the verbs.

nouns, lowest first
    source        text, places in it, and names that remember where they were written
    diagnostics   what the tool says: findings as data, rendered as text, JSON, SARIF
    expr          guards and updates: a small, total, typed language
    model         a standard, resolved and immutable; every stage agrees on it
    semantics     what a protocol does: the one definition of a step
    runtime       what generated code stands on; imports nothing of ours

verbs, in order
    read          YAML text -> Standard, or diagnostics
    check         Standard -> findings on the text of a specification
    explore       Standard -> configurations reached, verdicts, shortest traces
    emit          Standard -> Python, Graphviz, schemas, tables, its ledger

edge
    files         the only module that reads and writes files
    pipeline      the whole tool in a few functions
    cli           arguments in, exit code out
"""
