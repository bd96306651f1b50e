"""What a sample leaves out: bitstate hashing (Holzmann, Formal Methods in System Design 13, 1998).

Of each configuration that is found, k = 3 bits are set among m; one whose bits are all set is taken for one that was
found, though they may be those of others. After i configurations a bit is still 0 with probability (1 - 1/m)^(k i),
about e^(-k i / m), so that a new one is taken for another with probability (1 - e^(-k i / m))^k (Bloom,
Communications of the ACM 13, 1970; three bits from two hashes do as well: Kirsch and Mitzenmacher, 2008). Summed up
over all that were found, this is how many of those met are left out.

What only they lead to is never met, and nobody knows how much that is: a sample refutes, and proves nothing.
"""

from math import exp

HASHES = 3
_STRETCHES = 1_000


def left_out(found: int, bits: int) -> float:
    """How many configurations that were met were taken for others, by expectation."""
    each = found / _STRETCHES
    return sum(each * chance((stretch + 0.5) * each, bits) for stretch in range(_STRETCHES))


def chance(found: float, bits: int) -> float:
    """That a new configuration is taken for another, when so many were found."""
    return float((1 - exp(-HASHES * found / bits)) ** HASHES)


def told(found: int, bits: int) -> str:
    """Why a search that went to its end is none that looked at everything."""
    missing = left_out(found, bits)
    share = 100 * missing / (found + missing)
    return (
        f"only sampled, in {bits // 8 / 1e6:,.3g} MB of bits: of those met, {missing:,.2g} configurations"
        f" ({share:.2g} %) are expected to have been taken for others, and what only they lead to is unknown"
    )
