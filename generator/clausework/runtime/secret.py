"""A value that is never shown."""

from hmac import compare_digest


class Secret:
    """Equal to a secret of the same text, in a time that tells nothing; `repr` and `str` hide it.

    `reveal` is for the wire and for the store, nothing else.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return compare_digest(self._text.encode("utf-8", "surrogatepass"), other._text.encode("utf-8", "surrogatepass"))

    def __hash__(self) -> int:
        return hash((Secret, self._text))

    def __repr__(self) -> str:
        return "Secret(...)"

    def reveal(self) -> str:
        return self._text
