"""What a trigger does: the author's tree -> `Effect`, named effects and tables put in where they are used."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from clausework.expr import nodes
from clausework.expr.scope import Scope
from clausework.expr.syntax import Raw
from clausework.expr.typecheck import words_given, words_given_otherwise
from clausework.expr.types import Boolean, Enumeration, Secret, Type, is_optional, plain, required
from clausework.model.about import About
from clausework.model.machine import (
    Branching,
    CloseLink,
    Decide,
    Defer,
    Disposition,
    Effect,
    Field,
    Ignore,
    Impossible,
    Lookup,
    Match,
    Notify,
    Reject,
    Row,
    Send,
    Update,
    When,
)
from clausework.model.standard import Message
from clausework.read.about import about
from clausework.read.form import Form, Problems
from clausework.read.phrases import Phrases, Saying
from clausework.read.rules import (
    BAD_DIRECTION,
    BAD_PHRASE,
    CONTRADICTION,
    CYCLIC_IMPORT,
    MISSING_BRANCH,
    MISSING_FIELD,
    TOO_LARGE,
    UNKNOWN_DECISION,
    UNKNOWN_EFFECT,
    UNKNOWN_FIELD,
    UNKNOWN_NOTIFICATION,
    UNKNOWN_VARIABLE,
    WRONG_SHAPE,
)
from clausework.read.tree import Items, Scalar, Tree
from clausework.source import MessageName, Name, Span

Pairs = tuple[tuple[Name, nodes.Expr], ...]
MOST_INSIDE = 20
MOST_PUT_IN = 5_000
"""Named effects and tables are put in where they are used: so many inside each other, so many in a machine."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an effect stands: what its words mean, the message received, what is known around it."""

    scope: Scope
    message: Message | None
    around: About
    within: tuple[str, ...] = ()


@dataclass
class Effects:
    """Reads the effects of one machine.  `named` and `tables` are its own; `used` notes which of them were needed."""

    phrases: Phrases
    named: Mapping[str, tuple[Name, Tree]]
    tables: Mapping[str, tuple[Name, Tree]]
    used: set[str] = field(default_factory=set)
    put_in: int = 0

    def effect(self, tree: Tree, place: Place) -> Effect:
        if isinstance(tree, Scalar):
            return self._short(tree, place)
        form = Form(self.problems, "effect", tree, "an effect")
        here = about(form, place.around.span, place.around)
        inside = replace(place, around=here)
        result = Effect(
            about=here,
            updates=self._updates(form, place.scope),
            sends=tuple(send for text in form.texts("send") if (send := self.send(text, inside)) is not None),
            closes=tuple(
                whom for text in form.texts("close") if (whom := self.phrases.whom_text(text, place.scope)) is not None
            ),
            notifies=tuple(note for text in form.texts("notify") if (note := self._notify(text, inside)) is not None),
            forget=form.flag("forget"),
            recurring=form.flag("recurring"),
            target=self._target(form.text("to")),
        )
        return self._branched(self._with_named(result, form, inside), form, inside)

    @property
    def problems(self) -> Problems:
        return self.phrases.names.problems

    # -- the short forms: a disposition, or a named effect and perhaps a state

    def _short(self, tree: Scalar, place: Place) -> Effect:
        here = replace(place.around, level=None, note="", title="")
        disposition = self.disposition(tree.text, place)
        if disposition is not None:
            return Effect(about=here, disposition=disposition)
        name, arrow, target = tree.text.partition("->")
        result = Effect(about=here)
        if name.strip():
            result = self._named(self._word(tree.text, name.strip()), result, place)
        if arrow:
            result = replace(result, target=self._target(self._word(tree.text, target.strip())))
        return result

    def _word(self, whole: Name, word: str) -> Name:
        at = whole.find(word)
        return Name(word, whole.span.part(at, at + len(word)) if whole.span else None)

    def disposition(self, text: Name, place: Place) -> Disposition | None:
        """`ignore`, `defer`, `impossible`, `reject with M`, `close`, `close with M`; None if it is something else."""
        match text:
            case "ignore":
                return Ignore()
            case "defer":
                return Defer()
            case "impossible":
                return Impossible()
            case "close":
                return CloseLink()
        for words, kind in (("reject with ", Reject), ("close with ", CloseLink)):
            if text.startswith(words):
                name = self._word(text, text.removeprefix(words).strip())
                found = self.phrases.signal(name, place.scope)
                message = self.phrases.names.message(found[0]) if found else None
                if found is None or message is None:
                    return Impossible()
                fields = self._filled(message, found[1], place, name.span, forwards=False)
                return kind(message=MessageName(message.name, found[0].span), fields=fields)
        return None

    # -- parts

    def _updates(self, form: Form, scope: Scope) -> tuple[Update, ...]:
        variables = {name: leaf for name, leaf in scope.words.items() if isinstance(leaf, nodes.Variable)}
        updates = []
        for name, value in form.pairs("set"):
            if name not in variables:
                machine = self.phrases.machine.name
                self.problems.unknown(UNKNOWN_VARIABLE, f"`{machine}` has no variable `{name}`", name, list(variables))
                continue
            text = form.problems_text(value, name)
            declared = self.phrases.machine.view.variables[name]
            expression = self.phrases.expression(text, scope, declared) if text else None
            if expression is not None:
                updates.append(Update(variable=name, value=expression))
        return tuple(updates)

    def _target(self, text: Name | None) -> Name | None:
        return self.phrases.state(self.phrases.machine.view, text) if text is not None else None

    def _notify(self, text: Name, place: Place) -> Notify | None:
        found = self.phrases.signal(text, place.scope)
        if found is None:
            return None
        name, given = found
        signal = self.phrases.machine.notifications.get(name)
        if signal is None:
            message = f"`{self.phrases.machine.name}` has no notification `{name}`"
            self.problems.unknown(UNKNOWN_NOTIFICATION, message, name, list(self.phrases.machine.notifications))
            return None
        arguments = self._assigned(f"notification `{name}`", signal.arguments, given, place, name.span, False)
        return Notify(name=name, arguments=arguments, about=replace(place.around, span=name.span or place.around.span))

    def send(self, text: Name, place: Place) -> Send | None:
        saying = self.phrases.saying(text, place.scope)
        if saying is None:
            return None
        message, forwards = saying.message, saying.message is None
        if message is None:
            message = place.message
        if message is None:
            self.problems.report(BAD_PHRASE, "no message was received here", text.span, "name the message to send")
            return None
        self._check_direction(message, saying, text.span)
        scope = saying.inside
        if saying.each_in is not None:
            scope = _with_stored(scope, message)
        fields = self._filled(
            message, saying.given, replace(place, scope=scope), text.span, forwards or bool(saying.each_in)
        )
        return Send(
            message=MessageName(message.name, text.span),
            to=saying.to,
            fields=fields,
            about=replace(place.around, span=text.span or place.around.span),
            forwards=forwards,
            each_in=saying.each_in,
        )

    def _check_direction(self, message: Message, saying: Saying, span: Span | None) -> None:
        names, mine = self.phrases.names, self.phrases.machine.role
        if message.abstract:
            self.problems.report(BAD_DIRECTION, f"`{message.name}` is abstract and is never sent itself", span)
        if not message.directions:
            return  # reported where the message is declared
        for sender, receiver in message.directions:
            if names.related(mine, sender) and (saying.target is None or names.related(saying.target, receiver)):
                return
        where = f" to `{saying.target}`" if saying.target else ""
        shown = ", ".join(f"{sender} to {receiver}" for sender, receiver in message.directions)
        self.problems.report(
            BAD_DIRECTION, f"`{mine}` doesn't send `{message.name}`{where}", span, f"it goes from {shown}"
        )

    def _filled(
        self, message: Message, given: tuple[tuple[Name, Raw], ...], place: Place, span: Span | None, forwards: bool
    ) -> Pairs:
        return self._assigned(f"`{message.name}`", message.fields, given, place, span, forwards)

    def _assigned(
        self,
        called: str,
        fields: tuple[Field, ...],
        given: tuple[tuple[Name, Raw], ...],
        place: Place,
        span: Span | None,
        forwards: bool,
    ) -> Pairs:
        """A value for every field: the one given, the one forwarded, one of the same name, the default, `none`."""
        declared = {each.name for each in fields}
        values = dict(given)
        for name in values:
            if name not in declared:
                self.problems.unknown(UNKNOWN_FIELD, f"{called} has no `{name}`", name, sorted(declared), span)
        pairs: list[tuple[Name, nodes.Expr]] = []
        for each in fields:
            value = self._field(each, values.get(each.name), place.scope, forwards)
            if value is None and each.name not in values:
                self.problems.report(
                    MISSING_FIELD, f"`{each.name}` of {called} has no value", span, f"write `with {each.name} = ...`"
                )
            elif value is not None:
                pairs.append((each.name, value))
        return tuple(pairs)

    def _field(self, wanted: Field, given: Raw | None, scope: Scope, forwards: bool) -> nodes.Expr | None:
        if given is not None:
            return self.phrases.value(given, scope, wanted.type)
        checker = self.phrases.checker(scope)
        forwarded = scope.fields.get(("message", wanted.name)) if forwards else None
        for leaf in (forwarded, scope.words.get(wanted.name), scope.fields.get(("answer", wanted.name))):
            if leaf is None:
                continue
            known = replace(leaf, type=required(leaf.type)) if wanted.name in scope.given else leaf
            if checker.fits(wanted.type, known):
                return known
        if wanted.default is not None:
            return wanted.default
        if is_optional(wanted.type):
            return nodes.Literal(value=None, type=wanted.type)
        return None

    # -- named effects

    def _with_named(self, result: Effect, form: Form, place: Place) -> Effect:
        for name in form.texts("do"):
            result = self._named(name, result, place)
        return result

    def _named(self, name: Name, result: Effect, place: Place) -> Effect:
        if name not in self.named:
            possible = [*self.named, "ignore", "defer", "impossible"]
            self.problems.unknown(UNKNOWN_EFFECT, f"there is no effect `{name}`", name, possible)
            return result
        if self._endless(f"effect `{name}` does itself", name, place):
            return result
        self.used.add(name)
        inner = self.effect(self.named[name][1], replace(place, within=(*place.within, name)))
        if result.branch is not None and inner.branch is not None:
            self.problems.report(CONTRADICTION, f"`{name}` branches, and so does another effect here", name.span)
        return Effect(
            about=result.about if result.about.cited else replace(inner.about, span=result.about.span),
            updates=(*result.updates, *inner.updates),
            sends=(*result.sends, *inner.sends),
            closes=(*result.closes, *inner.closes),
            notifies=(*result.notifies, *inner.notifies),
            forget=result.forget or inner.forget,
            target=result.target or inner.target,
            disposition=inner.disposition,
            branch=result.branch or inner.branch,
            named=(*result.named, name, *inner.named),
            recurring=result.recurring or inner.recurring,
        )

    def _endless(self, message: str, name: Name, place: Place) -> bool:
        """Whether an effect or table is inside itself, or too many are inside each other; then that is reported."""
        self.put_in += 1
        if name in place.within:
            self.problems.report(CYCLIC_IMPORT, message, name.span)
        elif len(place.within) >= MOST_INSIDE or self.put_in > MOST_PUT_IN:
            self.problems.report(TOO_LARGE, "too many effects do each other", name.span)
        else:
            return False
        return True

    # -- branches

    def _branched(self, result: Effect, form: Form, place: Place) -> Effect:
        found: list[Branching] = []
        for key, (name, value) in form.entries.items():
            branch: Branching | None = None
            if key == "when":
                branch = self._when(form, value, place)
            elif key.startswith("when "):
                branch = self._match(form, self._word(name, key[5:].strip()), value, place)
            elif key.startswith("decide "):
                branch = self._decide(form, self._word(name, key[7:].strip()), value, place)
            elif key == "table":
                branch = self._lookup(form.text(key), place)
            if branch is not None:
                found.append(branch)
        if len(found) + (result.branch is not None) > 1:
            self.problems.report(
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
            cases.append((guard, self.effect(below, self._at(place, name, known))))
        return When(cases=tuple(cases)) if cases else None

    def _at(self, place: Place, name: Name, known: frozenset[str] = frozenset()) -> Place:
        """The place inside a branch: its diagnostics point at the branch's guard."""
        around = replace(place.around, span=name.span or place.around.span, level=None, note="", title="")
        return replace(place, scope=place.scope.knowing(known), around=around)

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
                    self.problems.first(seen, Name(str(word.value), name.span), "branches")
            if values is not None and len(values) == 0:
                continue
            cases.append((values, self.effect(below, self._at(place, name))))
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
            self.problems.report(MISSING_BRANCH, f"no branch for {shown}", where.span, "add them, or `else:`")

    def _values(self, text: Name, type_: Type, scope: Scope) -> tuple[nodes.Expr, ...]:
        values = []
        for word in text.split("|"):
            raw = self.phrases.parsed(self._word(text, word.strip()), scope)
            value = self.phrases.value(raw, scope, type_) if raw is not None else None
            if value is not None:
                values.append(value)
        return tuple(values)

    def _decide(self, form: Form, name: Name, value: Tree, place: Place) -> Decide | None:
        decision = self.phrases.flow.decisions.get(name)
        if decision is None:
            self.problems.unknown(
                UNKNOWN_DECISION, f"there is no decision `{name}`", name, list(self.phrases.flow.decisions)
            )
            return None
        answers = {str(answer.name): answer for answer in decision.answers}
        cases: list[tuple[Name, Effect]] = []
        for word, below in form.entries_of(value, f"`decide {name}`"):
            answer = answers.get(word)
            if answer is None:
                self.problems.unknown(UNKNOWN_DECISION, f"`{name}` has no answer `{word}`", word, list(answers))
                continue
            fields = {("answer", str(each)): nodes.AnswerField(name=each, type=type_) for each, type_ in answer.fields}
            inside = replace(place, scope=replace(place.scope, fields={**place.scope.fields, **fields}))
            cases.append((word, self.effect(below, self._at(inside, word))))
        missing = [each for each in answers if each not in {word for word, _ in cases}]
        if missing:
            shown = ", ".join(f"`{each}`" for each in missing)
            self.problems.report(MISSING_BRANCH, f"decision `{name}` has no branch for {shown}", name.span)
        return Decide(decision=name, cases=tuple(cases)) if cases else None

    # -- decision tables

    def _lookup(self, name: Name | None, place: Place) -> Lookup | None:
        if name is None:
            return None
        if name not in self.tables:
            self.problems.unknown(UNKNOWN_EFFECT, f"there is no table `{name}`", name, list(self.tables))
            return None
        if self._endless(f"table `{name}` consults itself", name, place):
            return None
        self.used.add(name)
        key, tree = self.tables[name]
        place = replace(place, within=(*place.within, str(name)))
        form = Form(self.problems, "decision table", tree, f"table `{key}`", key.span)
        here = about(form, key.span or form.span, place.around)
        given = [self.phrases.expression(text, place.scope) for text in form.texts("given")]
        subjects = tuple(each for each in given if each is not None)
        if len(subjects) != len(given):
            return None
        rows = [self._row(row, subjects, replace(place, around=here)) for row in form.items("rows")]
        return Lookup(table=name, given=subjects, rows=tuple(row for row in rows if row is not None))

    def _row(self, tree: Tree, given: tuple[nodes.Expr, ...], place: Place) -> Row | None:
        if not isinstance(tree, Items) or len(tree.items) != len(given) + 1:
            self.problems.report(WRONG_SHAPE, f"a row has {len(given)} values and an effect", tree.span)
            return None
        values: list[tuple[nodes.Expr, ...] | None] = []
        for subject, cell in zip(given, tree.items, strict=False):
            if not isinstance(cell, Scalar):
                self.problems.report(WRONG_SHAPE, "a cell is a text", cell.span)
                return None
            values.append(None if cell.text == "any" else self._values(cell.text, subject.type, place.scope))
        if any(value == () for value in values):
            return None
        effect = self.effect(tree.items[-1], self._at(place, Name("", tree.span)))
        return Row(values=tuple(values), effect=effect, about=replace(place.around, span=tree.span))


def _with_stored(scope: Scope, message: Message) -> Scope:
    """Inside `each message in list`: `message.x` is a field of the one at hand."""
    local = {("message", str(each.name)): nodes.MessageField(name=each.name, type=each.type) for each in message.fields}
    return replace(scope, fields={**scope.fields, **local})


def is_secret(type_: Type) -> bool:
    return isinstance(plain(required(type_)), Secret)
