"""A machine: states, groups, tables and triggers, resolved."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from clausework.diagnostics import Label
from clausework.expr import nodes
from clausework.expr.rules import WRONG_TYPE
from clausework.expr.scope import Scope
from clausework.expr.types import ListOf, SetOf, Type, plain
from clausework.expr.words import closest, words_given
from clausework.model.about import About
from clausework.model.language import TRIGGERS
from clausework.model.machine import Disposition, Field, Group, Handler, Impossible, Machine, Receive, State
from clausework.model.standard import Message
from clausework.read import declared
from clausework.read.about import about, bare
from clausework.read.addressing import Addresses, Listed
from clausework.read.consistency import check_leaves, check_repeated
from clausework.read.effects import Effects
from clausework.read.form import Form
from clausework.read.messages import read_fields
from clausework.read.names import MachineOutline, Names
from clausework.read.outline import Draft
from clausework.read.phrases import Heard, Phrases
from clausework.read.place import Place
from clausework.read.rules import (
    BAD_DIRECTION,
    BAD_KEY,
    MISSING_KEY,
    REPEATED_NAME,
    UNKNOWN_KEY,
    UNKNOWN_STATE,
    WRONG_SHAPE,
)
from clausework.read.scopes import Words
from clausework.read.tree import Entries, Items, Scalar, Tree
from clausework.read.types import literal
from clausework.source import MessageName, Name


def read_machine(names: Names, draft: Draft, key: Name, tree: Entries, defaults: dict[str, About]) -> Machine | None:
    """`defaults`: what the file that an element stands in says of all in it (an extended flow's differs)."""
    outline = next((each for each in draft.outline.machines if each.name == key), None)
    if outline is None:
        return None
    return _Reader(
        names, draft, outline, Form(names.problems, "machine", tree, f"machine `{key}`", key.span), defaults
    ).machine()


@dataclass
class _Reader:
    names: Names
    draft: Draft
    outline: MachineOutline
    form: Form
    defaults: dict[str, About]
    handlers: list[Handler] = field(default_factory=list)
    states: list[State] = field(default_factory=list)
    listed: list[Listed] = field(default_factory=list)
    each: dict[tuple[str, str], nodes.Expr] = field(default_factory=dict)
    unclear: bool = False
    """Whether a `leaves` could not be understood: then nobody knows what it would have covered."""

    def __post_init__(self) -> None:
        self.phrases = Phrases(self.names, self.draft.outline, self.outline)
        named = {str(name): (name, tree) for name, tree in self.form.pairs("effects")}
        tables = {str(name): (name, tree) for name, tree in self.form.pairs("decision tables")}
        self.effects = Effects(self.phrases, named, tables)
        self.about = about(self.form, self.form.span, self._around(self.form.span.source.path))
        self.columns = read_fields(self.names, self.form.pairs("columns"), self.about)
        self.words = Words(self.names, self.outline, self.form, self.columns)

    def machine(self) -> Machine:
        variables = read_fields(self.names, self.form.pairs("variables"), self.about)
        self._states(self.form.pairs("states"), None)
        if not self.states:
            self.names.problems.report(MISSING_KEY, f"{self.form.called} has no states", self.form.span)
        groups = tuple(self._groups())
        self._anywhere("anywhere")
        self._state_tables()
        otherwise, listed, stale = self._otherwise()
        result = Machine(
            name=self.outline.name,
            flow=self.draft.base,
            role=self.outline.role,
            about=self.about,
            keys=tuple(self._field(name, type_) for name, type_ in self.outline.view.keys),
            commands=tuple(self.outline.commands.values()),
            notifications=declared.notifications(self.form, self.outline),
            variables=variables,
            durable=declared.durable(self.form, self.outline, variables),
            definitions=tuple(declared.definitions(self.form, self.phrases, self.words)),
            columns=self.columns,
            initial=self._initial(self.form, [state.name for state in self.states if state.parent is None]),
            states=tuple(self.states),
            groups=groups,
            handlers=tuple(self.handlers),
            addressing=(),
            dispositions=listed,
            stale=stale,
            otherwise=otherwise,
            requires=declared.requires(self.draft, self.outline, self.phrases, self.words),
        )
        check_repeated(self.names.problems, result)
        if not self.unclear:
            check_leaves(self.names.problems, result)
        addresses = Addresses(self.names, self.words, self.phrases, self.listed, self.each, stale)
        return replace(result, addressing=tuple(addresses.addressing()))

    def _around(self, path: str) -> About:
        return self.defaults.get(path, self.draft.about)

    # -- states and their triggers

    def _states(self, pairs: tuple[tuple[Name, Tree], ...], parent: Name | None) -> None:
        for name, tree in pairs:
            self.names.problems.check_name(name)
            form = Form(self.names.problems, "state", tree, f"state `{name}`", name.span)
            if any(state.name == name for state in self.states):
                first = next(state.name for state in self.states if state.name == name)
                others = (Label(first.span, "the first one"),) if first.span else ()
                self.names.problems.report(
                    REPEATED_NAME, f"there are two states called `{name}`", name.span, None, *others
                )
                continue
            here = about(form, name.span or form.span, self._around(form.span.source.path))
            inner = form.pairs("states")
            index = len(self.states)
            self.states.append(State(name=name, about=here, parent=parent))
            self.states[index] = replace(
                self.states[index],
                initial=self._initial(form, [each for each, _ in inner]) if inner else None,
                final=form.flag("final"),
                rests=form.flag("rests"),
                columns=tuple(self._column_values(form)),
                dispositions=tuple(self._lists(form)),
                otherwise=self._one_disposition(form, here),
            )
            for trigger, below in form.others():
                if trigger not in {each.name for each in self.columns}:
                    self._handler(trigger, below, name, self._beside(here, trigger))
            self._states(inner, name)

    def _beside(self, state: About, trigger: Name) -> About:
        """What a trigger has its source and mark from: its state, but if another flow added it, that flow."""
        if trigger.span is None or trigger.span.source.path == state.span.source.path:
            return state
        return self._around(trigger.span.source.path)

    def _initial(self, form: Form, possible: list[Name]) -> Name:
        text = form.required("initial") if possible else None
        if text is None:
            return possible[0] if possible else Name("")
        if text not in possible:
            self.names.problems.unknown(UNKNOWN_STATE, f"{form.called} has no state `{text}`", text, possible)
            return possible[0]
        return text

    def _column_values(self, form: Form) -> Iterator[tuple[Name, nodes.Literal]]:
        for column in self.columns:
            text = form.text(column.name)
            value = literal(self.names, column.type, text) if text else column.default
            if value is not None:
                yield column.name, value
            elif not text:
                message = f"{form.called} has no `{column.name}`, which every state has"
                self.names.problems.report(MISSING_KEY, message, form.span, f"write `{column.name}: ...`")

    def _lists(self, form: Form) -> Iterator[tuple[MessageName, Disposition]]:
        seen: dict[str, Name] = {}
        for key in ("ignore", "defer", "impossible"):
            for text in form.texts(key):
                message = self.names.message(text)
                if message is None or not self.names.problems.first(seen, text, "dispositions"):
                    continue
                self.listed.append((message, None, None))
                disposition = self.effects.disposition(
                    Name(key, text.span), self._place(self.words.base, form.span.source.path)
                )
                if disposition is not None:
                    yield MessageName(message.name, text.span), disposition

    def _one_disposition(self, form: Form, here: About) -> Disposition | None:
        text = form.text("otherwise")
        if text is None:
            return None
        found = self.effects.disposition(text, Place(self.words.of_any_message(), None, here))
        if found is None:
            self.names.problems.report(
                WRONG_SHAPE,
                f"`{text}` is not a disposition",
                text.span,
                "write ignore, defer, impossible, `reject with M` or `close`",
            )
        return found

    def _place(self, scope: Scope, path: str) -> Place:
        return Place(scope, None, self._around(path))

    def _handler(self, text: Name, tree: Tree, scope_name: Name | None, around: About) -> None:
        if text.split(" ")[0] not in TRIGGERS:
            self._unknown_trigger(text, tree)
            return
        found = self.phrases.trigger(text, self.words.base)
        if isinstance(found, Heard):
            self._heard(found, text, tree, scope_name, around)
        elif found is not None:
            here = replace(around, span=text.span or around.span, level=None, note="", title="")
            effect = self.effects.effect(tree, Place(self.words.of_event(found), None, here))
            self.handlers.append(Handler(trigger=found, scope=scope_name, effect=effect, about=effect.about))
        elif text.startswith("leaves "):
            self.unclear = True

    def _unknown_trigger(self, text: Name, tree: Tree) -> None:
        possible = [*TRIGGERS, "initial", "states", "final", "ignore", "defer", "otherwise"]
        help_ = closest(text.split(" ")[0], possible)
        if isinstance(tree, Scalar) and not tree.text:
            help_ = "in {...} a comma begins a new key: join fields by `and`, or quote the text"
        self.names.problems.report(UNKNOWN_KEY, f"`{text}` is neither a trigger nor a key of a state", text.span, help_)

    def _heard(self, heard: Heard, text: Name, tree: Tree, scope_name: Name | None, around: About) -> None:
        here = replace(around, span=text.span or around.span, level=None, note="", title="")
        for message in self._concrete(heard.messages):
            scope = self.words.with_message(message, heard.sender)
            self._check_heard(message, heard, text)
            each = self._each(message, heard, scope, text)
            where = self.phrases.condition(heard.where, scope) if heard.where is not None else None
            if heard.where is not None:
                scope = scope.knowing(words_given(heard.where))
            effect = self.effects.effect(tree, Place(scope, message, here))
            trigger = Receive(message=MessageName(message.name, text.span), sender=heard.sender, where=where, each=each)
            self.listed.append((message, heard.sender, heard.lifeline))
            self.handlers.append(Handler(trigger=trigger, scope=scope_name, effect=effect, about=effect.about))

    def _each(self, message: Message, heard: Heard, scope: Scope, text: Name) -> tuple[Name, nodes.Expr] | None:
        """`for each K in e`: K is a key of the machine, and e a list or set of such keys."""
        if heard.each is None:
            return None
        name, raw = heard.each
        keys = dict(self.outline.view.keys)
        if name not in keys:
            what = f"`{self.outline.name}` is not kept per `{name}`"
            self.names.problems.unknown(BAD_KEY, what, name, [str(key) for key in keys], text.span)
            return None
        container = self.phrases.value(raw, scope)
        if container is None:
            return None
        bare_type = plain(container.type)
        if not isinstance(bare_type, ListOf | SetOf):
            self.names.problems.report(WRONG_TYPE, f"`{name}` is one of a list or set", container.span or text.span)
            return None
        self.each[message.name, str(name)] = container
        return name, container

    def _concrete(self, messages: tuple[Message, ...]) -> Iterator[Message]:
        """An abstract message stands for those that are one."""
        for message in messages:
            if message.abstract:
                yield from (each for each in self.names.messages.values() if each.parent == message.name)
            else:
                yield message

    def _check_heard(self, message: Message, heard: Heard, text: Name) -> None:
        if not message.directions:
            return  # reported where the message is declared
        for sender, receiver in message.directions:
            fits = heard.sender is None or self.names.related(heard.sender, sender)
            if fits and self.names.related(receiver, self.outline.role):
                return
        shown = ", ".join(f"{sender} to {receiver}" for sender, receiver in message.directions)
        origin = f" from `{heard.sender}`" if heard.sender else ""
        self.names.problems.report(
            BAD_DIRECTION,
            f"`{self.outline.role}` doesn't receive `{message.name}`{origin}",
            text.span,
            f"it goes from {shown}",
        )

    # -- groups, anywhere, tables

    def _groups(self) -> Iterator[Group]:
        for name, tree in self.form.pairs("groups"):
            self.names.problems.check_name(name)
            form = Form(self.names.problems, "group", tree, f"group `{name}`", name.span)
            here = about(form, name.span or form.span, self._around(form.span.source.path))
            states = [text for text in form.texts("states") if self.phrases.state(self.outline.view, text)]
            yield Group(name=name, states=tuple(states), about=here)
            for trigger, below in form.others():
                self._handler(trigger, below, name, here)

    def _anywhere(self, key: str) -> None:
        for trigger, below in self.form.pairs(key):
            self._handler(trigger, below, None, self._around(below.span.source.path))

    def _state_tables(self) -> None:
        for name, tree in self.form.pairs("state tables"):
            entries = self.form.entries_of(tree, f"table `{name}`")
            here = replace(self._around(tree.span.source.path), span=name.span or tree.span)
            header: tuple[Name, tuple[Name, ...]] | None = None
            for key, value in entries:
                if key == "source":
                    here = about(
                        Form(self.names.problems, "clause", Entries(((key, value),), tree.span), f"table `{name}`"),
                        here.span,
                        here,
                    )
                elif key.split(" ")[0] in TRIGGERS:
                    header = (key, self._cells(value, None, key))
                elif header is None:
                    self.names.problems.report(
                        MISSING_KEY,
                        f"table `{name}` has no header row",
                        key.span,
                        "begin with `receive from R: [M, M]`",
                    )
                    break
                else:
                    self._table_row(header, key, value, here)

    def _cells(self, value: Tree, count: int | None, row: Name) -> tuple[Name, ...]:
        if not isinstance(value, Items) or any(not isinstance(each, Scalar) for each in value.items):
            self.names.problems.report(WRONG_SHAPE, f"row `{row}` is a list of texts", value.span)
            return ()
        cells = tuple(each.text for each in value.items if isinstance(each, Scalar))
        if count is not None and len(cells) != count:
            self.names.problems.report(
                WRONG_SHAPE, f"row `{row}` has {len(cells)} cells, the header {count}", value.span
            )
            return ()
        return cells

    def _table_row(self, header: tuple[Name, tuple[Name, ...]], key: Name, value: Tree, here: About) -> None:
        state = self.phrases.state(self.outline.view, key)
        words = header[0].split(" ")
        for column, cell in zip(header[1], self._cells(value, len(header[1]), key), strict=False):
            text = Name(" ".join([words[0], column, *words[1:]]), cell.span)
            if state is not None:
                self._handler(text, Scalar(cell, cell.span or value.span), state, here)

    # -- the rest

    def _otherwise(
        self,
    ) -> tuple[Disposition, tuple[tuple[MessageName, Disposition], ...], tuple[tuple[MessageName, Disposition], ...]]:
        tree = self.form.tree("otherwise")
        if not isinstance(tree, Entries):
            return self._one_disposition(self.form, self.about) or Impossible(), (), ()
        general: Disposition = Impossible()
        listed: list[tuple[MessageName, Disposition]] = []
        stale: list[tuple[MessageName, Disposition]] = []
        for key, value in tree.entries:
            if key.split(" ")[0] in TRIGGERS:
                self._handler(key, value, None, self.about)
                continue
            text = self.form.problems_text(value, key)
            found = (
                self.effects.disposition(text, Place(self.words.of_any_message(), None, self.about)) if text else None
            )
            if found is None:
                self.names.problems.report(WRONG_SHAPE, f"`{text}` is not a disposition", value.span)
            elif key == "any":
                general = found
            else:
                word = Name(key.removeprefix("stale ").strip(), key.span)
                message = self.names.message(word)
                if message is not None:
                    (stale if key.startswith("stale ") else listed).append((MessageName(message.name, key.span), found))
                    self.listed.append((message, None, None))
        return general, tuple(listed), tuple(stale)

    def _field(self, name: Name, type_: Type) -> Field:
        return Field(name=name, type=type_, default=None, about=bare(name.span or self.form.span, self.about))
