"""Syntax -> typed expression: every word resolved, every mistake reported at its place.

An expected type flows down, so that a bare word beside an enumeration is one of its values.
"""

from dataclasses import dataclass, field, replace
from typing import assert_never

from clausework.diagnostics import Diagnostic, Rule
from clausework.expr import nodes, syntax
from clausework.expr.fitting import RelatedRoles, assignable, fits, share_values, with_none
from clausework.expr.parser import parse
from clausework.expr.rules import AMBIGUOUS_NAME, EXPRESSION_SYNTAX, SECRET_LEAK, UNKNOWN_NAME, WRONG_TYPE
from clausework.expr.scope import MachineView, Scope
from clausework.expr.types import (
    Boolean,
    Enumeration,
    Integer,
    Link,
    ListOf,
    Optional,
    Party,
    Secret,
    SetOf,
    Type,
    is_optional,
    plain,
    required,
    show_type,
)
from clausework.expr.words import closest, constant, is_bare, words_given
from clausework.source import Name, Span

_MOST_DEFINITIONS = 50


@dataclass(slots=True)
class Checker:
    """Resolves expressions of one place.  `related` tells whether a party of one role can be one of another."""

    scope: Scope
    related: RelatedRoles
    problems: list[Diagnostic] = field(default_factory=list)
    defined: int = 0

    def value(self, raw: syntax.Raw, expected: Type | None = None) -> nodes.Expr | None:
        """The expression, of the expected type if there is one; None if it was wrong, which is then reported."""
        found = self._resolve(raw, expected)
        if found is None or expected is None:
            return found
        if not fits(self.related, expected, found):
            rule = SECRET_LEAK if isinstance(plain(required(found.type)), Secret) else WRONG_TYPE
            shown = f"expected {show_type(expected)}, found {show_type(found.type)}"
            help_ = None
            if is_optional(found.type) and fits(self.related, expected, replace(found, type=required(found.type))):
                help_ = "it may not be given: use it in a branch whose guard says `is given`"
            return self._wrong(rule, shown, raw.span, help_)
        return found

    def condition(self, raw: syntax.Raw) -> nodes.Expr | None:
        return self.value(raw, Boolean())

    # -- resolution

    def _resolve(self, raw: syntax.Raw, expected: Type | None) -> nodes.Expr | None:
        match raw:
            case syntax.Number(value=value, span=span):
                return nodes.Literal(value=value, type=Integer(value, value), span=span)
            case syntax.Word():
                return self._word(raw, expected)
            case syntax.NewWord(name=name, span=span):
                return self._new(name, span)
            case syntax.Binary():
                return self._binary(raw, expected)
            case syntax.Negation(operand=operand, span=span):
                inner = self.condition(operand)
                return nodes.Not(operand=inner, span=span) if inner else None
            case syntax.IsTest():
                return self._test(raw)
            case syntax.IsStates():
                return self._states(raw)
            case syntax.SizeOf(operand=operand, span=span):
                inner = self._resolve(operand, None)
                if inner and not isinstance(plain(inner.type), ListOf | SetOf):
                    return self._wrong(WRONG_TYPE, f"{show_type(inner.type)} has no size", operand.span)
                return nodes.Size(operand=inner, span=span) if inner else None
            case syntax.Quantifier():
                return self._quantified(raw)
            case _:
                assert_never(raw)

    def _word(self, raw: syntax.Word, expected: Type | None) -> nodes.Expr | None:
        if raw.keys or len(raw.parts) > 1:
            return self._path(raw)
        word = raw.parts[0]
        literal = constant(word, expected, raw.span)
        leaf = self.scope.words.get(word)
        if literal is not None and leaf is not None:
            message = f"`{word}` is a name here and a value of {show_type(expected) if expected else ''}"
            return self._wrong(AMBIGUOUS_NAME, message, raw.span)
        if literal is not None:
            return literal
        if leaf is not None:
            return self._known(leaf, word, raw.span)
        if word in self.scope.definitions:
            return self._defined(word, raw.span)
        return self._unknown(word, raw.span, expected)

    def _defined(self, word: Name, span: Span) -> nodes.Expr | None:
        """A named guard, resolved with the words of the place that uses it; it cannot use itself."""
        outer = self.scope
        text = outer.definitions[word]
        self.defined += 1
        if self.defined > _MOST_DEFINITIONS:
            message = f"this stands on more than {_MOST_DEFINITIONS} definitions, one inside the other"
            return self._wrong(EXPRESSION_SYNTAX, message, span) if self.defined == _MOST_DEFINITIONS + 1 else None
        raw = parse(text, outer.arity)
        if isinstance(raw, Diagnostic):
            self.problems.append(raw)
            return None
        rest = {name: body for name, body in outer.definitions.items() if name != word}
        self.scope = replace(outer, definitions=rest)
        body = self._resolve(raw, None)
        self.scope = outer
        return nodes.Defined(name=word, body=body, type=body.type, span=span) if body else None

    def _known(self, leaf: nodes.Expr, word: str, span: Span) -> nodes.Expr:
        """The leaf at its place; its value's type where a guard around says that it is given."""
        if word in self.scope.given:
            return replace(leaf, span=span, type=required(leaf.type))
        return replace(leaf, span=span)

    def _path(self, raw: syntax.Word) -> nodes.Expr | None:
        if len(raw.parts) == 2 and not raw.keys:
            leaf = self.scope.fields.get((raw.parts[0], raw.parts[1]))
            if leaf is not None:
                return self._known(leaf, raw.text, raw.span)
        instance = self.instance(raw, raw.parts[:-1])
        if instance is None:
            return None
        of, view = instance
        name = raw.parts[-1]
        if name not in view.variables:
            message = f"`{view.machine}` of `{view.flow}` has no variable `{name}`"
            return self._wrong(UNKNOWN_NAME, message, name.span or raw.span, closest(name, list(view.variables)))
        known = raw.text in self.scope.given
        type_ = view.variables[name]
        return nodes.OfVariable(of=of, name=name, type=required(type_) if known else type_, span=raw.span)

    def instance(self, raw: syntax.Word, parts: tuple[Name, ...]) -> tuple[nodes.Of, MachineView] | None:
        """Another machine of the party, or a lifeline's, by its path and keys."""
        lifeline = self.scope.lifelines.get(tuple(parts))
        if lifeline is not None:
            flow, machine = lifeline.flow, lifeline.machine
            return nodes.Of(flow=flow, machine=machine, lifeline=parts[0], type=Boolean(), span=raw.span), lifeline
        view = self.scope.machines.get(parts[0]) if len(parts) == 1 else None
        if view is None:
            possible = [".".join(path) for path in self.scope.lifelines] + list(self.scope.machines)
            possible += [owner for owner, _ in self.scope.fields]
            shown = ".".join(parts)
            self._wrong(
                UNKNOWN_NAME, f"nothing is called `{shown}` here", raw.span, closest(shown, sorted({*possible}))
            )
            return None
        keys = self._keys(raw, view)
        if keys is None:
            return None
        return nodes.Of(flow=view.flow, machine=view.machine, keys=keys, type=Boolean(), span=raw.span), view

    def _keys(self, raw: syntax.Word, view: MachineView) -> tuple[nodes.Expr, ...] | None:
        if raw.keys:
            if len(raw.keys) != len(view.keys):
                shown = ", ".join(f"`{name}`" for name, _ in view.keys) or "none"
                message = f"`{view.flow}` is kept under {len(view.keys)} keys, {len(raw.keys)} are given"
                self._wrong(WRONG_TYPE, message, raw.span, f"its keys are {shown}")
                return None
            given = [self.value(key, type_) for key, (_, type_) in zip(raw.keys, view.keys, strict=True)]
            return None if None in given else tuple(key for key in given if key is not None)
        found = []
        for name, type_ in view.keys:
            leaf = self.scope.words.get(name)
            if leaf is None or not assignable(self.related, type_, leaf.type):
                message = f"`{view.flow}` is kept per {name}, and there is no {name} here"
                self._wrong(UNKNOWN_NAME, message, raw.span, f"say which: `{raw.text} of ...`")
                return None
            found.append(leaf)
        return tuple(found)

    def _new(self, name: Name, span: Span) -> nodes.Expr | None:
        leaf = self.scope.words.get(name)
        if name not in self.scope.after or not isinstance(leaf, nodes.Variable | nodes.Column):
            return self._wrong(
                UNKNOWN_NAME, f"`new {name}` needs a variable or column", span, closest(name, sorted(self.scope.after))
            )
        return nodes.New(of=leaf, type=leaf.type, span=span)

    def _binary(self, raw: syntax.Binary, expected: Type | None) -> nodes.Expr | None:
        match raw.operator:
            case "and" | "or" | "implies" | "iff" as operator:
                left, right = self.condition(raw.left), self._right_condition(raw)
                return nodes.Logic(operator=operator, left=left, right=right, span=raw.span) if left and right else None
            case "=" | "!=" | "<" | "<=" | ">" | ">=" as operator:
                pair = self._pair(raw)
                if pair is None:
                    return None
                numbers = all(isinstance(plain(side.type), Integer) for side in pair)
                if operator not in ("=", "!=") and not numbers:
                    return self._wrong(WRONG_TYPE, "only integers are ordered", raw.span)
                return nodes.Compare(operator=operator, left=pair[0], right=pair[1], span=raw.span)
            case "in":
                return self._membership(raw)
            case "+" | "-" as operator:
                return self._arithmetic(raw, operator, expected)
        raise AssertionError(raw.operator)

    def _right_condition(self, raw: syntax.Binary) -> nodes.Expr | None:
        """After `x is given and` (or `implies`), x is known to be given."""
        if raw.operator not in ("and", "implies"):
            return self.condition(raw.right)
        outer = self.scope
        self.scope = outer.knowing(words_given(raw.left))
        result = self.condition(raw.right)
        self.scope = outer
        return result

    def _pair(self, raw: syntax.Binary) -> tuple[nodes.Expr, nodes.Expr] | None:
        """Both sides of a comparison; the side that is a bare word learns from the other what it may be."""
        before = len(self.problems)
        left = self._resolve(raw.left, None)
        if left is None and is_bare(raw.left):
            right = self._resolve(raw.right, None)
            if right is not None:
                del self.problems[before:]
                left = self._resolve(raw.left, right.type)
        else:
            right = self._resolve(raw.right, left.type if left else None)
        if left is None or right is None:
            return None
        one, other = with_none(left), with_none(right)
        if not (fits(self.related, one, right) or fits(self.related, other, left) or share_values(one, other)):
            shown = f"{show_type(left.type)} is compared with {show_type(right.type)}"
            secret = any(isinstance(plain(required(side.type)), Secret) for side in (left, right))
            self._wrong(SECRET_LEAK if secret else WRONG_TYPE, shown, raw.span)
            return None
        return left, right

    def _membership(self, raw: syntax.Binary) -> nodes.Expr | None:
        container = self._resolve(raw.right, None)
        if container is None:
            return None
        bare = plain(container.type)
        if not isinstance(bare, ListOf | SetOf):
            return self._wrong(WRONG_TYPE, f"{show_type(container.type)} is not a list or set", raw.right.span)
        item = self.value(raw.left, bare.item)
        return nodes.In(item=item, container=container, span=raw.span) if item else None

    def _arithmetic(self, raw: syntax.Binary, operator: str, expected: Type | None) -> nodes.Expr | None:
        left = self._resolve(raw.left, expected)
        if left is None:
            return None
        bare = plain(left.type)
        wanted: Type
        if isinstance(bare, Integer):
            wanted = Integer(0, 0)
        elif isinstance(bare, ListOf | SetOf):
            wanted = bare.item
        else:
            return self._wrong(WRONG_TYPE, f"nothing is added to {show_type(left.type)}", raw.left.span)
        right = self.value(raw.right, wanted)
        if right is None:
            return None
        fitting = expected is not None and isinstance(plain(required(expected)), Integer)
        type_ = expected if isinstance(bare, Integer) and expected is not None and fitting else left.type
        return nodes.Arithmetic(
            operator="+" if operator == "+" else "-", left=left, right=right, type=type_, span=raw.span
        )

    def _test(self, raw: syntax.IsTest) -> nodes.Expr | None:
        role = self._role(raw)
        if role is not None:
            return role
        operand = self._untested(raw.operand)
        if operand is None:
            return None
        bare = plain(operand.type)
        match raw.what:
            case "connected":
                if not isinstance(plain(required(operand.type)), Party):
                    return self._wrong(WRONG_TYPE, "only a party can be connected", raw.operand.span)
                return nodes.Connected(peer=operand, span=raw.span)
            case "given":
                fine, what = isinstance(bare, Optional), "is always given"
            case "full" | "empty":
                fine, what = isinstance(bare, ListOf | SetOf), f"is never {raw.what}"
        if not fine:
            return self._wrong(WRONG_TYPE, f"{show_type(operand.type)} {what}", raw.span)
        return nodes.Test(what=raw.what, operand=operand, span=raw.span)

    def _role(self, raw: syntax.IsTest) -> nodes.Quantified | None:
        """`R is connected`, of a role: a connection to some party that plays it is seen."""
        word = raw.operand
        if raw.what != "connected" or not isinstance(word, syntax.Word) or len(word.parts) != 1:
            return None
        name = word.parts[0]
        type_ = self.scope.parties.get(name)
        if type_ is None or name in self.scope.words or not isinstance(plain(type_), Party):
            return None
        where = nodes.Connected(peer=nodes.Local(name=name, type=type_, span=word.span), span=raw.span)
        domain = nodes.Domain(what="parties", type=type_, span=word.span)
        return nodes.Quantified(what="exists", variable=name, domain=domain, where=where, type=Boolean(), span=raw.span)

    def _untested(self, raw: syntax.Raw) -> nodes.Expr | None:
        """`x is given` may stand where x is known to be given: then it is as it was declared."""
        outer = self.scope
        self.scope = replace(outer, given=frozenset())
        found = self._resolve(raw, None)
        self.scope = outer
        return found

    def _states(self, raw: syntax.IsStates) -> nodes.Expr | None:
        if raw.operand.text == "state" and self.scope.own is not None and not raw.operand.keys:
            of, view = None, self.scope.own
        else:
            instance = self.instance(raw.operand, raw.operand.parts)
            if instance is None:
                return None
            of, view = instance
        for state in raw.states:
            if state not in view.states:
                message = f"`{view.machine}` of `{view.flow}` has no state `{state}`"
                return self._wrong(UNKNOWN_NAME, message, state.span or raw.span, closest(state, list(view.states)))
        return nodes.InState(of=of, states=raw.states, span=raw.span)

    def _quantified(self, raw: syntax.Quantifier) -> nodes.Expr | None:
        found = self.domain(raw.range)
        if found is None:
            return None
        domain, type_ = found
        where = None
        if raw.where is not None:
            where = self._within(raw.range.variable, type_, raw.where)
            if where is None:
                return None
        result: Type = Boolean() if raw.what == "exists" else Integer(0, 255)
        variable = raw.range.variable
        return nodes.Quantified(
            what=raw.what, variable=variable, domain=domain, where=where, type=result, span=raw.span
        )

    def _within(self, variable: Name, type_: Type, where: syntax.Raw) -> nodes.Expr | None:
        outer = self.scope
        self.scope = outer.binding(variable, type_)
        result = self.condition(where)
        self.scope = outer
        return result

    def domain(self, raw: syntax.Range) -> tuple[nodes.Domain, Type] | None:
        """What a range ranges over, and the type of its elements."""
        if raw.name == "connection":
            of = self._resolve(raw.of, None) if raw.of is not None else None
            if raw.of is not None and of is None:
                return None
            return nodes.Domain(what="connections", of=of, other=raw.other, type=Link(), span=raw.span), Link()
        if raw.within is not None:
            container = self._resolve(raw.within, None)
            if container is None:
                return None
            bare = plain(container.type)
            if not isinstance(bare, ListOf | SetOf):
                self._wrong(WRONG_TYPE, f"{show_type(container.type)} is not a list or set", raw.span)
                return None
            return nodes.Domain(what="items", of=container, type=bare.item, span=raw.span), bare.item
        type_ = self.scope.parties.get(raw.name)
        if type_ is None:
            possible = ["connection", *self.scope.parties]
            self._wrong(UNKNOWN_NAME, f"`{raw.name}` cannot be ranged over", raw.span, closest(raw.name, possible))
            return None
        return nodes.Domain(what="parties", other=raw.other, type=type_, span=raw.span), type_

    # -- reports

    def _unknown(self, word: Name, span: Span, expected: Type | None) -> nodes.Expr | None:
        bare = plain(required(expected)) if expected is not None else None
        if isinstance(bare, Enumeration):
            message = f"`{word}` is not a value of {show_type(expected)}" if expected else ""
            return self._wrong(UNKNOWN_NAME, message, span, closest(word, [*bare.values, *self.scope.words]))
        possible = sorted({*self.scope.words, *self.scope.machines})
        return self._wrong(UNKNOWN_NAME, f"nothing is called `{word}` here", span, closest(word, possible))

    def _wrong(self, rule: Rule, message: str, span: Span, help_: str | None = None) -> nodes.Expr | None:
        """Reports; comes to None, as every wrong expression does."""
        self.problems.append(Diagnostic(rule, message, span, help=help_))
        return None
