"""A sequence of a standard as a partial order of events (`chart`), and runs held against it.

`matching` says whether a step is an event of it, `following` how far a run has come, `positive` that it can happen,
`negative` that it cannot; `standing` says where machines stand, in the words of a sequence.
"""
