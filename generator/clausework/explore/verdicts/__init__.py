"""What is said of a space that was searched, with the shortest way to what fails.

`watching` notes what single configurations and steps show while the search goes by, with what is `exercising` the
machines and where one may be `resting`; `looking` is a search with its notes.  From it come the `findings` of steps and
sessions (who is never `leaving` a state among them), `answers` to properties (claims about runs by an observer that
remembers what they need, `observing`; `promises` by what goes on for ever), `figures`, the verdicts on sequences, and
what was `unexercised`.
"""
