"""Where an effect branches: `when`, `when X`, `decide`, `table`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from clausework.expr import nodes
from clausework.expr.scope import Scope
from clausework.expr.types import Boolean, Enumeration, Type, plain
from clausework.expr.words import words_given, words_given_otherwise
from clausework.model.machine import Branching, Decide, Effect, Lookup, Match, Row, When
from clausework.read.about import about
from clausework.read.form import Form, Problems
from clausework.read.phrases import Phrases
from clausework.read.place import Place, PutIn
from clausework.read.rules import CONTRADICTION, MISSING_BRANCH, UNKNOWN_DECISION, UNKNOWN_EFFECT, WRONG_SHAPE
from clausework.read.tree import Items, Scalar, Tree
from clausework.source import Name


@dataclass
class Branches:
    """Reads the branchings of one machine.  `effect` reads what stands in a branch."""

    phrases: Phrases
    tables: Mapping[str, tuple[Name, Tree]]
    put_in: PutIn
    effect: Callable[[Tree, Place], Effect]

    @property
    def _problems(self) -> Problems:
        return self.phrases.names.problems

    def branched(self, result: Effect, form: Form, place: Place) -> Effect:
        """The effect with its branching, if its form has one."""
        found: list[Branching] = []
        for key, (name, value) in form.entries.items():
            branch: Branching | None = None
            if key == "when":
                branch = self._when(form, value, place)
            elif key.startswith("when "):
                branch = self._match(form, name.word(key[5:].strip()), value, place)
            elif key.startswith("decide "):
                branch = self._decide(form, name.word(key[7:].strip()), value, place)
            elif key == "table":
                branch = self._lookup(form.text(key), place)
            if branch is not None:
                found.append(branch)
        if len(found) + (result.branch is not None) > 1:
            self._problems.report(
                CONTRADICTION, "there are two branchings in one effect", form.span, "put one inside the other"
            )
        return replace(result, branch=found[0]) if found else result

    def _when(self, form: Form, value: Tree, place: Place) -> When | None:
        raws = {
            name: self.phrases.parsed(name, place.scope)
            for name, _ in form.entries_of(value, "`when`")
            if name != "else"
        }
        cases: list[tuple[nodes.Expr | None, Effect]] = []
        for name, below in form.entries_of(value, "`when`"):
            raw = raws.get(name)
            known: frozenset[str] = frozenset()
            guard: nodes.Expr | None = None
            if raw is not None:
                guard, known = self.phrases.condition(raw, place.scope), words_given(raw)
                if guard is None:
                    continue
            elif name == "else":
                known = frozenset().union(*(words_given_otherwise(each) for each in raws.values() if each is not None))
            else:
                continue
            cases.append((guard, self.effect(below, place.at(name, known))))
        return When(cases=tuple(cases)) if cases else None

    def _match(self, form: Form, subject_text: Name, value: Tree, place: Place) -> Match | None:
        subject = self.phrases.expression(subject_text, place.scope)
        if subject is None:
            return None
        cases: list[tuple[tuple[nodes.Expr, ...] | None, Effect]] = []
        seen: dict[str, Name] = {}
        for name, below in form.entries_of(value, f"`when {subject_text}`"):
            values = None if name == "else" else self._values(name, subject.type, place.scope)
            for word in () if values is None else values:
                if isinstance(word, nodes.Literal):
                    self._problems.first(seen, Name(str(word.value), name.span), "branches")
            if values is not None and len(values) == 0:
                continue
            cases.append((values, self.effect(below, place.at(name))))
        self._check_values(subject, cases, seen, subject_text)
        return Match(subject=subject, cases=tuple(cases)) if cases else None

    def _check_values(
        self,
        subject: nodes.Expr,
        cases: list[tuple[tuple[nodes.Expr, ...] | None, Effect]],
        seen: Mapping[str, Name],
        where: Name,
    ) -> None:
        bare = plain(subject.type)
        wanted = [str(each) for each in bare.values] if isinstance(bare, Enumeration) else []
        if isinstance(bare, Boolean):
            wanted = ["True", "False"]
        if any(values is None for values, _ in cases):
            return
        missing = [each for each in wanted if each not in seen]
        if missing or not wanted:
            shown = ", ".join(f"`{each.lower()}`" for each in missing) or "the other values"
            self._problems.report(MISSING_BRANCH, f"no branch for {shown}", where.span, "add them, or `else:`")

    def _values(self, text: Name, type_: Type, scope: Scope) -> tuple[nodes.Expr, ...]:
        values = []
        for word in text.split("|"):
            raw = self.phrases.parsed(text.word(word.strip()), scope)
            value = self.phrases.value(raw, scope, type_) if raw is not None else None
            if value is not None:
                values.append(value)
        return tuple(values)

    def _decide(self, form: Form, name: Name, value: Tree, place: Place) -> Decide | None:
        decision = self.phrases.flow.decisions.get(name)
        if decision is None:
            self._problems.unknown(
                UNKNOWN_DECISION, f"there is no decision `{name}`", name, list(self.phrases.flow.decisions)
            )
            return None
        answers = {str(answer.name): answer for answer in decision.answers}
        cases: list[tuple[Name, Effect]] = []
        for word, below in form.entries_of(value, f"`decide {name}`"):
            answer = answers.get(word)
            if answer is None:
                self._problems.unknown(UNKNOWN_DECISION, f"`{name}` has no answer `{word}`", word, list(answers))
                continue
            fields = {("answer", str(each)): nodes.AnswerField(name=each, type=type_) for each, type_ in answer.fields}
            inside = replace(place, scope=replace(place.scope, fields={**place.scope.fields, **fields}))
            cases.append((word, self.effect(below, inside.at(word))))
        missing = [each for each in answers if each not in {word for word, _ in cases}]
        if missing:
            shown = ", ".join(f"`{each}`" for each in missing)
            self._problems.report(MISSING_BRANCH, f"decision `{name}` has no branch for {shown}", name.span)
        return Decide(decision=name, cases=tuple(cases)) if cases else None

    # -- decision tables

    def _lookup(self, name: Name | None, place: Place) -> Lookup | None:
        if name is None:
            return None
        if name not in self.tables:
            self._problems.unknown(UNKNOWN_EFFECT, f"there is no table `{name}`", name, list(self.tables))
            return None
        if self.put_in.is_endless(f"table `{name}` consults itself", name, place):
            return None
        self.put_in.used.add(name)
        key, tree = self.tables[name]
        place = replace(place, within=(*place.within, str(name)))
        form = Form(self._problems, "decision table", tree, f"table `{key}`", key.span)
        here = about(form, key.span or form.span, place.around)
        given = [self.phrases.expression(text, place.scope) for text in form.texts("given")]
        subjects = tuple(each for each in given if each is not None)
        if len(subjects) != len(given):
            return None
        rows = [self._row(row, subjects, replace(place, around=here)) for row in form.items("rows")]
        return Lookup(table=name, given=subjects, rows=tuple(row for row in rows if row is not None))

    def _row(self, tree: Tree, given: tuple[nodes.Expr, ...], place: Place) -> Row | None:
        if not isinstance(tree, Items) or len(tree.items) != len(given) + 1:
            self._problems.report(WRONG_SHAPE, f"a row has {len(given)} values and an effect", tree.span)
            return None
        values: list[tuple[nodes.Expr, ...] | None] = []
        for subject, cell in zip(given, tree.items, strict=False):
            if not isinstance(cell, Scalar):
                self._problems.report(WRONG_SHAPE, "a cell is a text", cell.span)
                return None
            values.append(None if cell.text == "any" else self._values(cell.text, subject.type, place.scope))
        if any(value == () for value in values):
            return None
        effect = self.effect(tree.items[-1], place.at(Name("", tree.span)))
        return Row(values=tuple(values), effect=effect, about=replace(place.around, span=tree.span))
