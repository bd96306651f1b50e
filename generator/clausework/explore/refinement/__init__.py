"""Whether a flow may stand for a larger one: trace inclusion up to stuttering, decided by subset construction.

A run of either flow is seen as the states of the interface machines, one after the other, where a state that stays is
seen once.  Whatever is seen of the larger flow has to be seen of its stand-in.  `seeing` says what is seen of a
configuration, `deriving` in which check the stand-in is explored; `inclusion` goes along the runs of the larger flow,
and remembers where the stand-in may be by then; `standing` says what came of it.

Why inclusion of traces, and no simulation: what others see of a flow are its states and nothing of what it will choose,
so a stand-in may decide later than the flow itself.  What it doesn't tell is what must happen: a run that is seen may
end where the larger flow's run ends, so a promise (`eventually`) that the stand-in keeps isn't shown to be kept.
"""
