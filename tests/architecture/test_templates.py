"""Templates print what a view has decided: they loop, branch and print, and compute nothing."""

from pathlib import Path

import pytest
from jinja2 import Environment, nodes

EMIT = Path(__file__).parents[2] / "generator" / "clausework" / "emit"
TEMPLATES = sorted(path for path in EMIT.rglob("templates/*") if path.is_file())
ALLOWED = (
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.For,
    nodes.If,
    nodes.Tuple,  # `for name, value in pairs`
    nodes.Macro,
    nodes.Call,  # of a macro
    nodes.CondExpr,  # `{{ "x" if y }}` is a branch on one line
    nodes.Const,  # a text in it
    nodes.Not,
)


def computations(source: str) -> list[str]:
    """What a template does beyond looping, branching and printing."""
    tree = Environment().parse(source)
    macros = {macro.name for macro in tree.find_all(nodes.Macro)}
    found = [type(node).__name__ for node in tree.find_all(nodes.Node) if not isinstance(node, ALLOWED)]
    for call in tree.find_all(nodes.Call):
        if not (isinstance(call.node, nodes.Name) and call.node.name in macros):
            found.append("a call")
    return found


def test_there_are_templates_to_look_at() -> None:
    assert TEMPLATES


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(EMIT)))
def test_a_template_computes_nothing(path: Path) -> None:
    assert computations(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "{{ a + b }}",
        "{{ name | upper }}",
        "{% if a == b %}{% endif %}",
        "{% set a = b %}",
        "{{ name.upper() }}",
        "{{ names[0] }}",
    ],
)
def test_what_computes_is_noticed(source: str) -> None:
    assert computations(source)
