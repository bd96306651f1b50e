"""The standard, resolved and immutable: what every stage agrees on.

`standard` is the whole; `machine` what a role does, with `states` its tree and `transitions` the same laid flat;
`sequence` what should happen and within which bounds to look; `about` where each element comes from; `language` the
keys that may stand where.  Nothing here is patched in later: what can be derived is a function over these values.
"""
