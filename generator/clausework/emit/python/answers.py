"""What decisions can be answered with: words, or words that carry something."""

from dataclasses import dataclass

from clausework.emit.python.code import laid_out
from clausework.emit.python.headers import element
from clausework.emit.python.types import Types
from clausework.emit.python.words import class_name, constant, distinct, docstring, identifier, quoted
from clausework.model.sequence import Decision
from clausework.model.standard import Flow


@dataclass(frozen=True, slots=True)
class Answers:
    """`annotation` is the type of an answer; `patterns` what `case` says for each; `lines` the classes."""

    decision: str
    annotation: str
    patterns: dict[str, str]
    lines: tuple[str, ...]


def asked(decision: Decision) -> str:
    """The question, as one."""
    question = decision.question.strip() or f"Decision `{decision.name}`."
    return question if question.endswith(("?", ".", "!")) else f"{question}?"


def answers_of(flow: Flow, types: Types) -> tuple[Answers, ...]:
    return tuple(_answers(decision, types) for decision in flow.decisions)


def _answers(decision: Decision, types: Types) -> Answers:
    title = class_name(decision.name, "answer")
    if any(answer.fields for answer in decision.answers):
        return _carrying(decision, title, types)
    base = types.imports.take("enum", "StrEnum")
    words = distinct(constant(answer.name) for answer in decision.answers)
    lines = [f"class {title}({base}):", *docstring(element(asked(decision), decision.about), 4), ""]
    lines += [f"    {word} = {quoted(answer.name)}" for word, answer in zip(words, decision.answers, strict=True)]
    patterns = {str(answer.name): f"{title}.{word}" for word, answer in zip(words, decision.answers, strict=True)}
    return Answers(str(decision.name), title, patterns, tuple(lines))


def _carrying(decision: Decision, title: str, types: Types) -> Answers:
    """A class for each answer, and a union of them."""
    types.imports.take("dataclasses", "dataclass")
    lines: list[str] = []
    patterns = {}
    for answer in decision.answers:
        name = class_name(decision.name, answer.name)
        patterns[str(answer.name)] = f"{name}()"
        told = docstring([f"`{answer.name}`, to: {asked(decision)}"], 4)
        lines += ["@dataclass(frozen=True, slots=True, kw_only=True)", f"class {name}:", *told]
        if answer.fields:
            lines += ["", *(f"    {identifier(field)}: {types.annotation(type_)}" for field, type_ in answer.fields)]
        lines += ["", ""]
    union = " | ".join(pattern.removesuffix("()") for pattern in patterns.values())
    lines += laid_out(union, 0, f"{title} = ")
    return Answers(str(decision.name), title, patterns, tuple(lines))
