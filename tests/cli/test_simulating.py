"""simulate: what is typed, or piped, and what is answered.

Seen red with a path that forgets an undone step, a sequence saved without its last message, and a sample that says that
it was all of them.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clausework import pipeline
from clausework.cli import clausework
from clausework.cli.voice import Voice
from clausework.cli.walking import Dialogue
from clausework.explore.walking import Walk
from clausework.pipeline import runs
from cli.project import Run, change
from support import shipped

ONCE = "receive ping: {send: pong to sender, to: done}\n      done: {rests: true}"
"""The server answers once, and is then surprised."""


def simulated(*lines: str, options: tuple[str, ...] = ("ping",)) -> Result:
    result = CliRunner().invoke(clausework, ["simulate", *options], input="".join(f"{line}\n" for line in lines))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def answers(*lines: str, options: tuple[str, ...] = ("ping",)) -> list[str]:
    """What was said at the start, then to each line."""
    result = simulated(*lines, options=options)
    assert result.exit_code == 0, result.output
    return result.output.split("\n> ")


def test_it_shows_where_everybody_stands_and_what_can_happen(project: Path) -> None:
    (start,) = answers()

    assert "alice  idle" in start
    assert "home   ready" in start
    assert "1  does `ask` (idle -> waiting)" in start


def test_a_step_is_chosen_by_its_number_and_told(project: Path) -> None:
    _, taken = answers("1")

    assert "-> home: ping" in taken
    assert "on the way from alice to home: ping" in taken
    assert "answer_time runs" in taken


def test_several_numbers_are_taken_one_after_the_other(project: Path) -> None:
    *_, path = answers("1 2 2", "path")

    assert path.splitlines()[1:4] == [
        "  1  alice  does `ask`",
        "  2  home   receives ping from alice",
        "  3  alice  receives pong from home",
    ]


def test_steps_are_undone_and_done_again(project: Path) -> None:
    _, _, back, on, path = answers("1 2 2", "undo 2", "redo", "path")

    assert "2 steps back" in back
    assert "1 step on" in on
    assert "receives ping" in path
    assert "receives pong" not in path


def test_after_another_step_what_was_undone_is_forgotten(project: Path) -> None:
    *_, other, on = answers("1 2", "undo", "1", "redo")

    assert "  2  alice  has waited answer_time" in other
    assert "there is nothing to go there for" in on


def test_restart_goes_to_the_start(project: Path) -> None:
    *_, start, path = answers("1 2", "restart", "path")

    assert "alice  idle" in start
    assert "at the start" in path


def test_a_failure_that_the_search_found_can_be_walked_through(project: Path) -> None:
    change(project, "receive ping: {send: pong to sender}", ONCE)

    _, found, followed, choice = answers("explore", "follow 1", "3")

    assert "impossible" in found
    assert "alice  does `ask`" in followed
    assert "fails, `server` is in `done`, which has no line for `ping`" in followed
    assert "this can't happen" in choice


def test_nothing_can_be_followed_before_it_was_found(project: Path) -> None:
    *_, none_yet, _, beyond = answers("follow 1", "explore", "follow 77")

    assert "`explore` first" in none_yet
    assert "there is no verdict `77`" in beyond


def test_a_path_is_saved_as_a_sequence_that_is_accepted_and_possible(project: Path, run: Run) -> None:
    *_, said = answers("1 1 2 2", "save too_late seen.yaml")
    block = (project / "seen.yaml").read_text("utf-8").removeprefix("sequences:\n")
    change(project, "sequences:\n", f"sequences:\n{block}")

    checked, explored = run("check", "ping"), run("explore", "ping", "ping")

    assert "# possible, in check `two`" in said
    assert checked.exit_code == 0, checked.output
    assert explored.exit_code == 0, explored.output
    assert "sequence  too_late" in explored.output


def test_a_path_with_something_in_flight_is_no_sequence_yet(project: Path) -> None:
    *_, said = answers("1", "save asked")

    assert "`ping` is still on its way" in said


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("save", "say `save NAME`"),
        ("save Big", "a name is a word of a-z"),
        ("save state", "a name is a word of a-z"),
        ("save answered", "has a sequence `answered` already"),
        ("save nothing", "nothing has happened yet"),
        ("rdeo", "did you mean `redo`?"),
        ("xyzzy", "`help` lists"),
        ("undo twice", "`undo` wants a number"),
        ("7", "there is no step `7`: 1 to 1 can be chosen"),
        ("help", "save NAME [FILE]"),
    ],
)
def test_what_cannot_be_is_answered_with_what_can(project: Path, line: str, answer: str) -> None:
    assert answer in answers(line)[-1]


def test_a_file_that_is_there_is_not_overwritten(project: Path) -> None:
    (project / "seen.yaml").write_text("mine", "utf-8")

    *_, said = answers("1 1 2 2", "save too_late seen.yaml")

    assert "is there already" in said
    assert (project / "seen.yaml").read_text("utf-8") == "mine"


def test_quit_ends_it_before_the_rest_is_read(project: Path) -> None:
    assert len(answers("quit", "1")) == 2


def test_an_interrupt_ends_it_quietly(capsys: pytest.CaptureFixture[str]) -> None:
    def lines() -> Iterator[str]:
        yield "1"
        raise KeyboardInterrupt

    standard = shipped()["doorbell"]
    walk = runs.walk(standard, *next(pipeline.questions(standard)))
    assert isinstance(walk, Walk)
    Dialogue(Voice("text", coloured=False), standard, walk, seed=1).run(lines())

    assert capsys.readouterr().out.endswith("(quiet -> ringing)\n\n\n")


def test_the_same_seed_takes_the_same_steps(project: Path) -> None:
    one, same, other = (simulated("random 30", options=("ping", "--seed", seed)).output for seed in "112")

    assert one == same != other


@pytest.mark.parametrize("named", ["ping", "two", "ping.two"])
def test_a_check_is_named_alone_or_by_its_flow(project: Path, named: str) -> None:
    assert answers(options=("ping", named))[0].startswith("ping, two: alice (client), home (server)")


def test_a_check_that_is_not_there_is_answered_with_the_one_meant(project: Path) -> None:
    result = simulated(options=("ping", "tow"))

    assert result.exit_code == 2
    assert "'two'" in result.output


# -- by chance


def test_a_random_walk_says_that_it_is_a_sample(project: Path, run: Run) -> None:
    result = run("simulate", "ping", "--steps", "200", "--seed", "5")

    assert result.exit_code == 0, result.output
    assert "stopped: sampled by" in result.output
    assert "200 steps together, seed 5" in result.output
    assert "all of them" not in result.output


def test_a_failure_that_a_random_walk_meets_is_shown_and_makes_the_exit_code_1(project: Path, run: Run) -> None:
    change(project, "receive ping: {send: pong to sender}", ONCE)

    result = run("simulate", "ping", "--steps", "500")

    assert result.exit_code == 1
    assert "error[impossible]" in result.output
    assert "fails: `server` is in `done`" in result.output


def test_what_a_sample_does_not_show_is_unknown(project: Path, run: Run) -> None:
    change(project, "possible: client is waiting", "always: client is idle|waiting")

    assert "unknown  property  answered" in run("simulate", "ping", "--steps", "50").output


def test_only_a_sample_is_told_to_machines(project: Path, run: Run) -> None:
    assert run("simulate", "ping", "--format", "json").exit_code == 2
    assert '"explorations"' in run("simulate", "ping", "--format", "json", "--steps", "10").output
