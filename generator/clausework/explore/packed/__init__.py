"""The same search, packed and compiled: a hundred times as fast, with the same answers under the same numbers.

`layout` and `packing` put a configuration into few words, `tables` say what parties do with which event, the engine
(`engine.c`) puts the steps of all of them together, `search` runs it and reads like the reference's search.

Why tables, and not guards and updates compiled to C: a step touches one party, and what a party does with an event
depends on nothing but its own state (and on request ids that others remember).  So reactions are asked of `semantics`,
the one definition, when the search first comes to them, and numbered; C knows queues, wires and faults, and no machine.
It works for all that can be written (wide data, texts, decisions, requests), a party's state takes but as many bits as
it has states that occur, and the source is always the same: it's compiled once for good, not for every specification.
Compiling expressions would be a second definition; it would pay only for parties with very many states, where filling
the tables takes longer than the search.

Why the order is the reference's, down to the numbers: then a counterexample is the same one, whoever found it, and
whatever is first seen somewhere can be judged by the reference's own watcher: the engine notes where something is new
(`views`), the watcher looks at those few configurations.

Why numbers are given last, and not by whoever finds something: workers take steps from blocks of configurations side by
side, each fills a part of the table with what the blocks lead to, in order, and only then is counted what is new.  So
several find what one finds; each notes for himself where something is new to him, and the first of them is the first.

Why the steps are looked for again when the search has ended, and then kept (`graph.h`): only then has everything a
number, and whoever asks for no runs pays nothing.  A number of four bytes for each step is enough: which class of
fairness a step is of is asked once more, of the few parts that a run may stay in.  Parts come last first
(`components.h`), so that one pass tells who never leaves a state, of all instances at once, and nothing is searched
backwards.  With the steps, what is kept takes about twice the memory of the search alone.

Why what is remembered of a run is a field like others (`observed`, `leading.h`): then a claim about runs is a search
like others, and the same pass finds where what is due never comes.  The observers are the reference's own: a table says
what they remember next, and they are asked for a row of it when the engine first comes there.  How far the events of a
sequence that must not happen have come is such a memory, too (`contained`).

Why configurations are put under all names by whoever found them (`alike`, `turning.h`), and not where they get into the
table: it is most of the work where it is done at all, and several can do it side by side.  The least by its words
stands for all, and is what is kept; so which one that is depends on the layout, and nobody is told of it: a trace is
gone along anew, under the names that lead there.

What doesn't fit can be sampled (`sampling`): bits stand for what was found, and the reference still tells every trace.
"""
