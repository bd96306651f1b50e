"""The other way round: which transitions the sequences show (`covering`), and which ones would show the others.

`area` is a part of a space, by some steps only; `suggestions` looks there for the shortest run; `written` makes a
sequence of a run.
"""
