"""Text -> syntax, by recursive descent.

Weakest binding first:

iff · implies (to the right) · or · and · not · comparison, `is`, `in` · + - · atom

`F.field of key and key` needs to know how many keys `F` has, or `and` could not be told from the
logical one: `arity` says so, 1 for whatever it doesn't know.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from clausework.diagnostics import Diagnostic
from clausework.expr.rules import EXPRESSION_SYNTAX
from clausework.expr.syntax import (
    Binary,
    IsStates,
    IsTest,
    Negation,
    NewWord,
    Number,
    Quantifier,
    Range,
    Raw,
    SizeOf,
    Word,
)
from clausework.source import Name, Span

Arity = Callable[[str], int]

_TOKEN = re.compile(r"\s*(?:(?P<number>\d+)|(?P<word>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)|(?P<sign><=|>=|!=|[=<>+\-()|]))")
_RESERVED = frozenset(
    {
        *("and", "or", "not", "implies", "iff", "is", "in", "of", "where", "size", "exists", "count", "new", "by"),
        *("as", "each", "other", "given", "full", "empty", "connected"),
    }
)
_MOST_DEEP = 60
_MOST_WORDS = 200


def parse(text: Name, arity: Arity = lambda _: 1) -> Raw | Diagnostic:
    """The expression, or what is wrong with it, at its place."""
    try:
        parser = Parser(text, arity)
        result = parser.expression()
        parser.end()
    except Unreadable as problem:
        return problem.diagnostic
    return result


@dataclass
class Unreadable(Exception):
    """Stays inside the parsers: they turn it into the diagnostic that it carries."""

    diagnostic: Diagnostic


@dataclass(slots=True)
class _Token:
    text: str
    begin: int
    end: int


@dataclass(slots=True)
class Parser:
    """Also used by the readers of larger phrases (`each account where ...`), which start with an expression's words."""

    text: Name
    arity: Arity
    position: int = 0
    depth: int = 0
    tokens: list[_Token] = field(init=False)

    def __post_init__(self) -> None:
        self.tokens = []
        offset = 0
        while offset < len(self.text.rstrip()):
            match = _TOKEN.match(self.text, offset)
            if match is None:
                bad = offset + len(self.text[offset:]) - len(self.text[offset:].lstrip())
                raise Unreadable(self._problem(f"`{self.text[bad]}` has no meaning in an expression", bad, bad + 1))
            begin = match.start(match.lastgroup or 0)
            self.tokens.append(_Token(match.group(match.lastgroup or 0), begin, match.end()))
            offset = match.end()
            if len(self.tokens) > _MOST_WORDS:
                message = f"this has more than {_MOST_WORDS} words"
                raise Unreadable(
                    replace(self._problem(message, begin, offset), help="name parts of it: `definitions:`")
                )

    # -- what larger phrases need

    def peek(self, ahead: int = 0) -> str:
        index = self.position + ahead
        return self.tokens[index].text if index < len(self.tokens) else ""

    def take(self, *words: str) -> bool:
        """Whether these words come next; then they are taken."""
        if all(self.peek(index) == word for index, word in enumerate(words)):
            self.position += len(words)
            return True
        return False

    def expect(self, word: str) -> None:
        if not self.take(word):
            raise self.unexpected(f"`{word}`")

    def name(self, what: str = "a name") -> Name:
        token = self._token()
        if token is None or token.text in _RESERVED or not token.text[0].isalpha():
            raise self.unexpected(what)
        self.position += 1
        return Name(token.text, self._span(token.begin, token.end))

    def end(self) -> None:
        if self.position < len(self.tokens):
            raise self.unexpected("the end of the expression")

    def unexpected(self, wanted: str) -> Unreadable:
        token = self._token()
        if token is None:
            return Unreadable(self._problem(f"{wanted} is missing at the end", len(self.text), len(self.text) + 1))
        return Unreadable(self._problem(f"expected {wanted}, found `{token.text}`", token.begin, token.end))

    def since(self, start: int) -> Span:
        """The span from the token number `start` to the last one taken."""
        last = self.tokens[max(self.position - 1, start)]
        return self._span(self.tokens[start].begin, last.end)

    def range(self) -> Range:
        """`[other] connection [of p]`, `X in list`, `account [as peer]`."""
        start = self.position
        other = self.take("other")
        name = self.name("what to range over")
        if name == "connection":
            of = self.atom() if self.take("of") else None
            return Range(name, name, of, None, other, self.since(start))
        if self.take("in"):
            return Range(name, name, None, self.atom(), other, self.since(start))
        variable = self.name() if self.take("as") else name
        return Range(name, variable, None, None, other, self.since(start))

    def operand(self) -> Raw:
        """An expression without `and`, for phrases that join several by `and`."""
        return self._negation()

    def operand_chain(self) -> Raw:
        """A conjunction: what `where` takes."""
        return self._chain("and", self._negation)

    # -- the grammar

    def expression(self) -> Raw:
        start = self.position
        left = self._implication()
        while self.take("iff"):
            left = Binary("iff", left, self._implication(), self.since(start))
        return left

    def _implication(self) -> Raw:
        start = self.position
        left = self._chain("or", lambda: self._chain("and", self._negation))
        if self.take("implies"):
            return Binary("implies", left, self._implication(), self.since(start))
        return left

    def _chain(self, operator: str, part: Callable[[], Raw]) -> Raw:
        start = self.position
        left = part()
        while self.take(operator):
            left = Binary(operator, left, part(), self.since(start))
        return left

    def _negation(self) -> Raw:
        start = self.position
        if self.take("not"):
            self._deeper()
            operand = self._negation()
            self.depth -= 1
            return Negation(operand, self.since(start))
        return self._comparison()

    def _comparison(self) -> Raw:
        start = self.position
        left = self._sum()
        if self.peek() in ("=", "!=", "<", "<=", ">", ">="):
            operator = self.peek()
            self.position += 1
            return Binary(operator, left, self._sum(), self.since(start))
        if self.take("in"):
            return Binary("in", left, self._sum(), self.since(start))
        if self.take("is"):
            return self._is(left, start)
        return left

    def _is(self, left: Raw, start: int) -> Raw:
        negated = self.take("not")
        result: Raw
        for what in ("given", "full", "empty", "connected"):
            if self.take(what):
                result = IsTest(what, left, self.since(start))
                break
        else:
            if not isinstance(left, Word):
                raise self.unexpected("`given`, `full` or `empty`")
            states = [self.name("a state, or `given`, `full`, `empty`")]
            while self.take("|"):
                states.append(self.name("a state"))
            result = IsStates(left, tuple(states), self.since(start))
        return Negation(result, self.since(start)) if negated else result

    def _sum(self) -> Raw:
        start = self.position
        left = self.atom()
        while self.peek() in ("+", "-"):
            operator = self.peek()
            self.position += 1
            left = Binary(operator, left, self.atom(), self.since(start))
        return left

    def atom(self) -> Raw:
        start = self.position
        if self.take("("):
            self._deeper()
            inside = self.expression()
            self.depth -= 1
            self.expect(")")
            return inside
        sign = -1 if self.take("-") else 1
        if self.peek().isdigit():
            self.position += 1
            if len(self.peek(-1)) > 18:
                raise Unreadable(self._problem("the number is too large", *self._ends(start)))
            return Number(sign * int(self.peek(-1)), self.since(start))
        if sign < 0:
            raise self.unexpected("a number")
        return self._phrase(start)

    def _phrase(self, start: int) -> Raw:
        if self.take("size", "of"):
            return SizeOf(self.atom(), self.since(start))
        if self.take("new"):
            return NewWord(self.name(), self.since(start))
        if self.take("exists"):
            return self._quantifier("exists", start)
        if self.take("count", "of"):
            return self._quantifier("count", start)
        if self.peek() == "empty":
            self.position += 1
            return Word((Name("empty", self.since(start)),), (), self.since(start))
        return self._word(start)

    def _quantifier(self, what: str, start: int) -> Raw:
        range_ = self.range()
        where = None
        if self.take("where"):  # reaches as far as it can: `(count of X where g) <= 1` needs its parentheses
            where = self.operand_chain()
        return Quantifier("exists" if what == "exists" else "count", range_, where, self.since(start))

    def _word(self, start: int) -> Raw:
        path = self.name("a value")
        begin = self.tokens[start].begin
        parts, offset = [], begin
        for part in path.split("."):
            parts.append(Name(part, self._span(offset, offset + len(part))))
            offset += len(part) + 1
        keys: list[Raw] = []
        if self.take("of"):
            keys.append(self.atom())
            while len(keys) < self.arity(parts[0]) and self.take("and"):
                keys.append(self.atom())
        return Word(tuple(parts), tuple(keys), self.since(start))

    # -- places

    def _deeper(self) -> None:
        self.depth += 1
        if self.depth > _MOST_DEEP:
            raise self.unexpected("an expression that is nested less deeply")

    def _token(self) -> _Token | None:
        return self.tokens[self.position] if self.position < len(self.tokens) else None

    def _ends(self, start: int) -> tuple[int, int]:
        return self.tokens[start].begin, self.tokens[max(self.position - 1, start)].end

    def _span(self, begin: int, end: int) -> Span:
        if self.text.span is None:
            raise AssertionError("an expression is read from a name with a place")
        return self.text.span.part(begin, end)

    def _problem(self, message: str, begin: int, end: int) -> Diagnostic:
        return Diagnostic(EXPRESSION_SYNTAX, message, self._span(begin, end), help=_trap(self.text))


def _trap(text: str) -> str | None:
    """The usual slips: another language's signs."""
    for sign, word in (("==", "="), ("&&", "and"), ("||", "or"), ("!", "not"), ("<>", "!="), ("≠", "!="), ("≤", "<=")):
        if sign in text and not (sign == "!" and "!=" in text):
            return f"write `{word}` for `{sign}`"
    return None
