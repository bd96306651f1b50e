"""What a protocol does: the one definition of a step.

Everything that decides which steps are possible, and where they lead, lives here.  The
explorer searches it, the simulator walks it, the pictures show it; none of them has an
opinion of its own.

Why so: a step touches the instances of exactly one party (rule of the meaning), so the
definition is split where the protocol itself is: `step` says how one party reacts, and
knows no queues; `network` says what is in flight, and knows no machines, `faults` what
befalls both; `space` puts them together.  What a party does with an event depends on nothing but its own
instances, so reactions are computed once and remembered, which makes the plain
interpreter twenty times as fast without a second definition.

A connection that no message of the explored machines goes over, and that none of them watches, isn't part of the system
(`building`): nothing that is looked at can tell, and its coming and going would multiply all the rest.
"""
