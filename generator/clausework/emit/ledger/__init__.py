"""Standard -> its ledger: which entry of the contents is modelled by what, generated as what, and exercised by what.

    contents    the entries, and which of them a source means
    elements    the elements of a specification, one by one
    naming      the tests that name them
    ledger      all of it put together: the value
    view        the value in words; `text`, `pages`: as text, JSON, Markdown, HTML

Why a value of its own, and no findings: what is missing from a model isn't wrong.  A specification grows clause by
clause, and every step of it should be green; how far it has come is asked for, and is a gate where somebody wants one.
"""

from clausework.emit.ledger.ledger import Ledger, ledger, narrowed, nothing_called
from clausework.emit.ledger.naming import Case, cases_in
from clausework.emit.ledger.pages import as_html, as_markdown, as_page
from clausework.emit.ledger.text import as_json, as_text, coloured, plain

__all__ = [
    "Case",
    "Ledger",
    "as_html",
    "as_json",
    "as_markdown",
    "as_page",
    "as_text",
    "cases_in",
    "coloured",
    "ledger",
    "narrowed",
    "nothing_called",
    "plain",
]
