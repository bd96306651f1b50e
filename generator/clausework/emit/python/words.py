"""Words of a specification as words of Python: identifiers, class names, strings, docstrings.

Nothing of a specification reaches generated code but through here: whatever a name or a title
contains, what comes out is an identifier, a string literal or the inside of a docstring.
"""

import keyword
import re
from collections.abc import Collection, Iterable
from textwrap import wrap

from clausework.model.about import About
from clausework.model.standard import Standard

WIDTH = 120

_BUILTINS = frozenset(
    re.findall(
        "[a-z]+",
        "abs all any anext ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex "
        "copyright credits delattr dict dir divmod enumerate eval exec exit filter float format frozenset "
        "getattr globals hasattr hash help hex id input int isinstance issubclass iter len license list "
        "locals map max memoryview min next object oct open ord pow print property quit range repr reversed "
        "round set setattr slice sorted staticmethod str sum super tuple type vars zip self cls ",
    )
)
"""Written out, because what Python has varies with its version, and what we write must not."""


def identifier(name: str, taken: Collection[str] = ()) -> str:
    """A variable, field or function; keywords, builtins and `taken` get an underscore behind."""
    word = _word(name)
    word = f"n{word}" if word[0].isdigit() else word
    while keyword.iskeyword(word) or word in _BUILTINS or word in taken:
        word += "_"
    return word


def behind(prefix: str, name: str) -> str:
    """`on`, `open` -> `on_open`: behind a prefix nothing clashes, and the name stays as it is."""
    return f"{prefix}_{_word(name)}"


def _word(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.rpartition(".")[2].lower()).strip("_") or "unnamed"


def class_name(*names: str) -> str:
    """`relationship_request` -> `RelationshipRequest`."""
    parts = [part for name in names for part in re.split(r"[^A-Za-z0-9]+", name.rpartition(".")[2]) if part]
    word = "".join(part[0].upper() + part[1:] for part in parts) or "Unnamed"
    word = f"N{word}" if word[0].isdigit() else word
    return f"{word}_" if keyword.iskeyword(word) else word


def constant(*names: str) -> str:
    """`from_pending_out` -> `FROM_PENDING_OUT`."""
    word = re.sub(r"[^A-Z0-9]+", "_", "_".join(name.rpartition(".")[2] for name in names).upper()).strip("_")
    word = word or "UNNAMED"
    return f"N{word}" if word[0].isdigit() else word


def distinct(words: Iterable[str], taken: Collection[str] = (), suffix: str = "_") -> tuple[str, ...]:
    """The words in order, those that were there before with a suffix behind."""
    used = set(taken)
    result = []
    for each in words:
        word = each
        while word in used:
            word += suffix
        used.add(word)
        result.append(word)
    return tuple(result)


def quoted(text: str) -> str:
    """A string literal, with the quotes that the formatter would choose."""
    literal = repr(str(text))
    if literal.startswith("'") and '"' not in text:
        return '"' + literal[1:-1].replace("\\'", "'") + '"'
    if literal.startswith("'") and text.count('"') <= text.count("'"):
        return '"' + literal[1:-1].replace("\\'", "'").replace('"', '\\"') + '"'
    return literal


def package_name(standard: Standard) -> str:
    return re.sub(r"[^a-z0-9]+", "_", standard.folder.rstrip("/").rpartition("/")[2].lower()).strip("_")


def cited(about: About) -> str:
    """`10.3.2 (inferred)`; only the mark where no clause is known."""
    source = str(about.source) if about.source is not None else ""
    level = f"{about.level}, " if about.level else ""
    return f"{source} ({level}{about.mark})" if source else f"{level}{about.mark}"


def clause(about: About) -> str:
    """The clause alone, as errors carry it."""
    return str(about.source) if about.source is not None else ""


def one_line(text: str) -> str:
    """The text without line ends and whatever else cannot be printed."""
    return " ".join("".join(each if each.isprintable() else " " for each in str(text)).split())


def escaped(text: str) -> str:
    """Text for the inside of a docstring, on one line."""
    return one_line(text).replace("\\", "\\\\").replace('"""', '\\"\\"\\"')


def comment(text: str, indent: int) -> list[str]:
    """A comment above what it is about, wrapped."""
    space = " " * indent + "# "
    return wrap(
        one_line(text),
        WIDTH,
        initial_indent=space,
        subsequent_indent=space,
        break_long_words=False,
        break_on_hyphens=False,
    )


def docstring(paragraphs: Iterable[str], indent: int) -> tuple[str, ...]:
    """The lines of a docstring: the first paragraph opens it, the others follow, wrapped.

    A paragraph that begins with `- ` keeps its lines close to the one before.
    """
    texts = [escaped(paragraph) for paragraph in paragraphs if paragraph]
    space = " " * indent
    first = texts[0][:-1] + "'" if texts[0].endswith('"') else texts[0]
    if len(texts) == 1 and len(space) + len(first) + 6 <= WIDTH:
        return (f'{space}"""{first}"""',)
    lines = _wrapped('"""' + first, space)
    if len(texts) == 1 and len(lines) == 1:  # the formatter would put the quotes behind it, however long it is
        lines = _wrapped('"""' + first, space, WIDTH - 3)
    for number, text in enumerate(texts[1:]):
        if not (text.startswith("- ") and number > 0 and texts[number].startswith("- ")):
            lines.append("")
        lines.extend(_wrapped(text, space))
    return (*lines, f'{space}"""')


def _wrapped(text: str, space: str, width: int = WIDTH) -> list[str]:
    hanging = space + "  " if text.startswith("- ") else space
    lines = wrap(
        text,
        width=width,
        initial_indent=space,
        subsequent_indent=hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [_unended(line) for line in lines]


def _unended(line: str) -> str:
    """A line may not end in a lone backslash: it would swallow the end of the line."""
    return line + "." if line.endswith("\\") and (len(line) - len(line.rstrip("\\"))) % 2 else line
