"""The same answers from fewer configurations: of those that are alike, one is looked at.

Alike are those that differ in names only: `symmetry` finds which parties are interchangeable, `commuting` makes sure
of it.  Alike, too, are those that differ only in variables that nobody reads any more, which `forgetting` finds.
`exploring` searches one of each.  Where parties are interchanged, who asks for runs (who never leaves a state, what
comes after what) isn't answered: in a quotient, runs lose track of who is who.  To forget loses track of nobody.

Why it is made sure of, and not just argued: a specification says nowhere in which order two instances of one machine
react, or which of two connections a message takes; we choose, by number.  Where that shows, parties are not
interchangeable.  What parties do is a table (`semantics.reactions`), so it is small enough to be compared, entry by
entry, with its image under every permutation.  Where they differ, everything is searched under its own names.

Why neither is on unless it's asked for.  By default everything is answered, and symmetry leaves runs out; the compiled
engine, which leaves them out too, is two hundred times as fast as a search of half as many configurations here.
Forgetting is sound for all that is asked, but by default we count what other tools count of the same model, so that
whoever doubts us can compare; of our own specifications, a few checks have a third or half as much to look at by it,
most of them as much as before.
"""
