"""Sets of configurations as decision diagrams: what can be reached is counted and judged without looking at each.

A configuration is a row of fields: the state of each instance, what each end sees, each wire, each place of a queue,
each budget of faults.  A set of configurations is a boolean function of the bits of the fields, kept as a reduced
ordered binary decision diagram (Bryant 1986); a step is a function of the bits before and after.  A diagram may hold
billions of configurations in some thousand nodes, where their parts depend on each other but loosely.

`diagrams` is the library's side, `fields` says which bits mean what, `rows` what parties do, `moment` and `network`
what is between them, `events` how these make steps, `reaching` goes from the start to all that can be reached,
`judging` looks for what must not be there, `exploring` tells it.

Why the tables are learned on the way, and not filled before: what parties do is asked of `semantics` for those states
and messages that the configurations reached so far show together (Blom, van de Pol, Weber 2010).  A closure over all
states and messages that may be possible for each party alone would ask for what never happens, and may have no end.

It is also a witness: besides what parties do (`packed.tables`), it shares nothing with the compiled engine, and network
and faults are written once more, as functions of bits.
"""
