"""The same answers from fewer configurations: of those that are alike, one is looked at.

Alike are those that differ in names only: `symmetry` finds which parties are interchangeable, `commuting` makes sure
of it.  Alike, too, are those that differ only in variables that nobody reads any more, which `forgetting` finds.
`exploring` searches one of each.  Where parties are interchanged, who asks for runs (who never leaves a state, what
comes after what) isn't answered: in a quotient, runs lose track of who is who.  To forget loses track of nobody.

Why it is made sure of, and not just argued: a specification says nowhere in which order two instances of one machine
react, or which of two connections a message takes; we choose, by number.  Where that shows, parties are not
interchangeable.  What parties do is a table (`semantics.reactions`), so it is small enough to be compared, entry by
entry, with its image under every permutation.  Where they differ, everything is searched under its own names.

Why neither is on where the reference can look at everything: there is nothing to be won, and we count what other tools
count of the same model, so that whoever doubts us can compare; who names an engine gets its counts.  Beyond that nobody
needs to ask for them (`orbits`).  What nobody reads any more is forgotten, which changes no answer.  Parties are
interchanged in a check that is `large`, and where the compiled engine comes to a limit: symmetry leaves runs out, so it
is worth it only where else less would be known.  (A run could be followed under its names, in copies of the orbits, as
many as there are permutations; to judge runs takes several times as long as to find configurations, so next to nothing
would be won.)  By four permutations, 19 million configurations stand for 77 million.
"""
