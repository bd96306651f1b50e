"""Drawing in a process of its own: limits hold, failures are reported, the next diagram is drawn."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from clausework.emit.graphviz import NO_GRAPHVIZ, Drawn, Failed, Job, render
from clausework.emit.graphviz import worker as worker_module

SMALL = 'digraph { graph [title="small" description="a small one"]; a -> b }'

Python = Callable[[str], str]


@pytest.fixture
def python(tmp_path: Path) -> Python:
    """A Python that runs other lines than the file it is given; `argument` is that file."""

    def made(lines: str) -> str:
        program = tmp_path / "python"
        program.write_text(
            f"#!{sys.executable}\nimport json, sys, time\nargument = sys.argv[-1]\n{lines}\n", encoding="utf-8"
        )
        program.chmod(0o755)
        return str(program)

    return made


STUB = """
print(json.dumps({"with": "stub"}), flush=True)
for line in sys.stdin:
    job = json.loads(line)
    if "slow" in job["dot"]:
        time.sleep(600)
    if "dies" in job["dot"]:
        sys.exit(3)
    print("\\x1eend of diagram", file=sys.stderr, flush=True)
    print(json.dumps({"data": "QUJD"}), flush=True)
"""


@pytest.mark.parametrize(("kind", "start"), [("svg", b"<?xml"), ("png", b"\x89PNG"), ("pdf", b"%PDF")])
def test_every_format_is_drawn(kind: str, start: bytes) -> None:
    (result,) = render([Job("small", SMALL, kind)], 60)  # type: ignore[arg-type]  # made for the test

    assert isinstance(result, Drawn)
    assert result.data.startswith(start)


def test_results_come_in_the_order_of_the_jobs() -> None:
    results = list(render([Job(name, SMALL) for name in ("a", "b", "c")], 60))

    assert [result.name for result in results] == ["a", "b", "c"]


def test_text_that_is_no_dot_is_reported_and_the_next_one_drawn() -> None:
    broken, fine = render([Job("broken", "digraph { a -> "), Job("fine", SMALL)], 60)

    assert isinstance(broken, Failed)
    assert "Traceback" not in broken.why
    assert isinstance(fine, Drawn)


def test_an_error_in_a_label_fails_the_diagram() -> None:
    """Graphviz itself goes on, with an empty label."""
    (result,) = render([Job("broken", "digraph { a [label=<<B>never closed>] }")], 60)

    assert isinstance(result, Failed)
    assert result.why.startswith("Error:")


def test_a_warning_comes_with_the_picture_and_noise_about_fonts_does_not() -> None:
    (result,) = render([Job("x", 'digraph { a [label="much too long", fixedsize=true, width=0.1] }')], 60)

    assert isinstance(result, Drawn)
    assert len(result.warnings) == 1
    assert "too small for label" in result.warnings[0]


def test_a_layout_that_takes_too_long_is_reported_and_the_next_one_drawn(python: Python) -> None:
    begin = time.monotonic()
    slow, fine = render([Job("slow", "digraph slow { }", "png"), Job("fine", SMALL, "png")], 1, python=python(STUB))

    assert slow == Failed("slow", "png", "not laid out within 1 seconds")
    assert isinstance(fine, Drawn)
    assert time.monotonic() - begin < 20


def test_a_crash_of_the_layout_is_reported_and_the_next_one_drawn(python: Python) -> None:
    dead, fine = render([Job("dies", "digraph dies { }", "png"), Job("fine", SMALL, "png")], 60, python=python(STUB))

    assert dead == Failed("dies", "png", "the process that draws died over it")
    assert isinstance(fine, Drawn)


def test_without_any_graphviz_there_is_one_clear_sentence(python: Python) -> None:
    hidden = "import runpy; sys.modules['pygraphviz'] = None; sys.modules['graphviz'] = None"
    without = python(f"{hidden}; runpy.run_path(argument, run_name='__main__')")

    assert list(render([Job("a", SMALL), Job("b", SMALL)], 60, python=without)) == [Failed("a", "svg", NO_GRAPHVIZ)]


PROGRAM = """#!/bin/sh
case "$*" in
  *-V*) echo "dot - graphviz version 9.0.0 (20230911.1827)" >&2 ;;
  *) cat > /dev/null; echo "<svg width='1'>$(basename "$0") $*</svg>" ;;
esac
"""


def test_without_pygraphviz_an_installed_graphviz_is_used(
    python: Python, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("dot", "neato"):
        (tmp_path / name).write_text(PROGRAM, encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    without = python("import runpy; sys.modules['pygraphviz'] = None; runpy.run_path(argument, run_name='__main__')")

    placed = 'digraph { graph [layout=nop2]; a [pos="1,1"] }'
    ranked, fixed = render([Job("a", SMALL), Job("b", placed)], 60, python=without)

    assert isinstance(ranked, Drawn)
    assert b"dot -Kdot -Tsvg" in ranked.data
    assert isinstance(fixed, Drawn)
    assert b"neato -Kneato -Tsvg -n2" in fixed.data or b"dot -Kneato -Tsvg -n2" in fixed.data


def test_nothing_to_draw_starts_no_process(python: Python) -> None:
    assert list(render([], 1, python=python("raise SystemExit"))) == []


def test_a_worker_that_cannot_start_says_so(python: Python) -> None:
    (result,) = render([Job("a", SMALL)], 60, python=python("raise SystemExit"))

    assert isinstance(result, Failed)


def test_the_worker_runs_alone() -> None:
    """It is started as a file, so it must not import anything of ours."""
    text = Path(worker_module.__file__).read_text(encoding="utf-8")

    assert "from clausework" not in text
    assert "import clausework" not in text
