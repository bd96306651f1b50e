"""The contents of a standard, and which of their entries a source means."""

from collections.abc import Iterable, Iterator

from clausework.model.about import Citation
from clausework.model.standard import Clause, Standard


def entry_name(entry: Clause) -> str:
    """`10.3`, `Figure 4`, `Table 1`, `statement scope`: as people say it."""
    return entry.number if entry.kind == "clause" else _name(entry.kind, entry.number)


def _name(kind: str, number: str) -> str:
    return f"{kind if kind == 'statement' else kind.capitalize()} {number}"


class Contents:
    def __init__(self, standard: Standard) -> None:
        self.entries = {entry_name(each): each for each in standard.clauses}
        self._documents = {name.rpartition(" ")[0] for name, each in self.entries.items() if each.kind == "clause"}

    def meant(self, citations: Iterable[Citation], kind: str) -> tuple[str, ...]:
        """The entries that an element of that kind stands for, in the order of the contents.

        They are those that it cites, and for a flow the figures that show all flows.
        """
        found = {name for each in citations for name in self._meant(each)}
        found |= {name for name, each in self.entries.items() if kind == "flow" and each.shows == "flows"}
        return tuple(name for name in self.entries if name in found)

    def _meant(self, citation: Citation) -> Iterator[str]:
        cited = " ".join(part for part in (citation.document, citation.clause) if part)
        clause = cited if cited in self.entries else cited.partition(",")[0]  # `10.3, note` is in 10.3
        if clause in self.entries and self.entries[clause].kind == "clause":
            yield clause
        if not citation.document or citation.document in self._documents:
            for kind in ("figure", "table", "statement"):
                numbers: tuple[str, ...] = getattr(citation, f"{kind}s")
                yield from (name for number in numbers if (name := _name(kind, number)) in self.entries)

    def parts(self, name: str) -> tuple[str, ...]:
        """The clauses right below a clause; of `10`, 10.1 but not 10.1.1."""
        if self.entries[name].kind != "clause":
            return ()
        below = [each for each, entry in self.entries.items() if entry.kind == "clause" and each.startswith(f"{name}.")]
        return tuple(each for each in below if not any(each.startswith(f"{other}.") for other in below))
