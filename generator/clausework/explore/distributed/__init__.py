"""The compiled search on several machines: configurations are shared out by a hash, levels are gone through together.

    cluster     Dask's side: workers, their actors, and what to do if one of them goes
    partition   what a worker keeps, and the C text (`partition.c`) that goes through it
    lessons     what tables tell, written down for all of them
    search      level by level, from where nobody keeps a configuration
    exploring   what is asked, answered

A configuration belongs to the partition that a hash of its packed form names, so one place knows whether it's new
(Stern and Dill, "Parallelizing the Murφ verifier", 1997).  Each takes the steps from its own, level by level, and keeps
what they lead to in a box for each owner; the owners fetch their boxes from one another.  Levels are those of the
reference, and so are counts, verdicts and lengths of traces; which of several shortest ways is shown depends on the
number of workers, and on nothing else.

Why actors, and not tasks: a partition is state that stays where it is.  A task that is lost is begun anew by Dask, on
another worker, which would have nothing of it; a lost actor is an error.  And a task for each pair of partitions in
each level would be ten thousand of them for a hundred workers, each a millisecond of the scheduler; actors talk with
one another directly.

Why no copy of what was found: a lost worker ends the search.  To go on, every level would have to be written down, for
what is rarely needed; hours are lost at most.
"""
