"""Draws one diagram after another, in a process of its own.  Run as a file; imports nothing of ours, so it starts fast.

Reads a line of JSON per diagram (`dot`, `format`, `engine`) and answers with a line of
JSON (`data` in base64, or `error`).  Its first line says what it draws with: `with`, or
null if there is no Graphviz.  What Graphviz writes to stderr stays there; a line of its
own (`END`) tells where a diagram's noise ends.
"""

import base64
import json
import os
import pathlib
import sys
from collections.abc import Callable

END = "\x1eend of diagram"
DPI = "144"

Draw = Callable[[str, str, str], bytes]


def in_process() -> tuple[str, Draw] | None:
    """By pygraphviz, which brings Graphviz with it and lays out in this very process."""
    try:
        import pygraphviz  # type: ignore[import-untyped]  # it has no types
    except ImportError:
        return None

    def draw(dot: str, format_: str, engine: str) -> bytes:
        graph = pygraphviz.AGraph(string=dot)
        if format_ == "png":
            graph.graph_attr["dpi"] = DPI
        drawn: bytes = graph.draw(format=format_, prog=engine)
        graph.close()
        return drawn

    return f"pygraphviz {pygraphviz.__version__}", draw


def by_program() -> tuple[str, Draw] | None:
    """An installed Graphviz, by way of its programs."""
    try:
        import graphviz  # type: ignore[import-untyped]  # it has no types

        version = ".".join(str(part) for part in graphviz.version())
    except Exception:  # noqa: BLE001  whatever keeps it from running, there is no such program
        return None

    def draw(dot: str, format_: str, engine: str) -> bytes:
        program, placed = ("neato", 2) if engine == "nop2" else (engine, None)
        if format_ == "png":
            dot = dot.replace("{", f"{{\n  graph [dpi={DPI}];", 1)
        drawn: bytes = graphviz.pipe(program, format_, dot.encode(), neato_no_op=placed)
        return drawn

    return f"Graphviz {version}", draw


def main() -> None:
    os.environ.setdefault("FONTCONFIG_FILE", str(pathlib.Path(__file__).with_name("fonts.conf")))
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints must not get among the answers
    found = in_process() or by_program()

    def say(answer: dict[str, str | None]) -> None:
        answers.write(json.dumps(answer) + "\n")
        answers.flush()

    say({"with": found[0] if found else None})
    if found is None:
        return
    for line in sys.stdin:
        job = json.loads(line)
        try:
            drawn = found[1](job["dot"], job["format"], job["engine"])
            answer: dict[str, str | None] = {"data": base64.b64encode(drawn).decode("ascii")}
        except Exception as failure:  # noqa: BLE001  reported to who asked, who goes on with the next one
            answer = {"error": f"{type(failure).__name__}: {failure}"}
        sys.stderr.write(END + "\n")
        sys.stderr.flush()
        say(answer)


if __name__ == "__main__":
    main()
