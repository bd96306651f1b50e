"""Guards and updates: a small, total, side-effect-free, typed expression language.

`types` and `nodes` are what an expression is, `parser` reads one, `typecheck` resolves its names (`fitting` says which
values fit which types, `words` what a word says by itself), `evaluate` computes it, `show` writes it again in the
author's words.
"""
