"""The same answers from fewer configurations: of those that are alike but for names, one is looked at.

`symmetry` finds which parties are interchangeable, `commuting` makes sure of it, `exploring` searches one configuration
of each orbit.  Who asks for runs (who never leaves a state, what comes after what) isn't answered: in a quotient, runs
lose track of who is who.

Why it is made sure of, and not just argued: a specification says nowhere in which order two instances of one machine
react, or which of two connections a message takes; we choose, by number.  Where that shows, parties are not
interchangeable.  What parties do is a table (`semantics.reactions`), so it is small enough to be compared, entry by
entry, with its image under every permutation.  Where they differ, everything is searched.
"""
