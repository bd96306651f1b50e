"""What a trigger does: the author's tree -> `Effect`, named effects and tables put in where they are used."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from clausework.expr import nodes
from clausework.expr.fitting import fits
from clausework.expr.scope import Scope
from clausework.expr.syntax import Raw
from clausework.expr.types import is_optional, required
from clausework.model.machine import (
    CloseLink,
    Defer,
    Disposition,
    Effect,
    Field,
    Ignore,
    Impossible,
    Notify,
    Reject,
    Send,
    Update,
)
from clausework.model.standard import Message
from clausework.read.about import about
from clausework.read.branching import Branches
from clausework.read.form import Form, Problems
from clausework.read.phrases import Phrases, Saying
from clausework.read.place import Place, PutIn
from clausework.read.rules import (
    BAD_DIRECTION,
    BAD_PHRASE,
    CONTRADICTION,
    MISSING_FIELD,
    UNKNOWN_EFFECT,
    UNKNOWN_FIELD,
    UNKNOWN_NOTIFICATION,
    UNKNOWN_VARIABLE,
)
from clausework.read.tree import Scalar, Tree
from clausework.source import MessageName, Name, Span

Pairs = tuple[tuple[Name, nodes.Expr], ...]


@dataclass
class Effects:
    """Reads the effects of one machine.  `named` and `tables` are its own; `put_in` notes which of them were needed."""

    phrases: Phrases
    named: Mapping[str, tuple[Name, Tree]]
    tables: Mapping[str, tuple[Name, Tree]]

    def __post_init__(self) -> None:
        self.put_in = PutIn(self.problems)
        self._branches = Branches(self.phrases, self.tables, self.put_in, self.effect)

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
        return self._branches.branched(self._with_named(result, form, inside), form, inside)

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
            result = self._named(tree.text.word(name.strip()), result, place)
        if arrow:
            result = replace(result, target=self._target(tree.text.word(target.strip())))
        return result

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
                name = text.word(text.removeprefix(words).strip())
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
            if fits(checker.related, wanted.type, known):
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
        if self.put_in.is_endless(f"effect `{name}` does itself", name, place):
            return result
        self.put_in.used.add(name)
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


def _with_stored(scope: Scope, message: Message) -> Scope:
    """Inside `each message in list`: `message.x` is a field of the one at hand."""
    local = {("message", str(each.name)): nodes.MessageField(name=each.name, type=each.type) for each in message.fields}
    return replace(scope, fields={**scope.fields, **local})
