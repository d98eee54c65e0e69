"""The pure parts of the execution benchmark: turns, ratios, inputs, tables."""

import itertools
from pathlib import Path

import pytest

from benchmarks.execution import data
from benchmarks.execution.report import Row, Section, milliseconds, put_section
from benchmarks.execution.rounds import Loads, interleaved, ratio


def test_each_round_begins_with_another_side() -> None:
    calls: list[str] = []
    clock = itertools.count()

    def side(name: str) -> float:
        calls.append(name)
        return float(next(clock))

    taken = interleaved(
        {"a": lambda: side("a"), "b": lambda: side("b")}, 2, lambda n: calls.append(str(n))
    )
    assert calls == ["0", "a", "b", "1", "b", "a"]
    assert taken == {"a": [0.0, 3.0], "b": [1.0, 2.0]}


def test_a_disturbed_round_does_not_move_the_ratio() -> None:
    assert ratio([1.0, 10.0, 1.2], [10.0, 100.0, 10.0]) == pytest.approx(0.1)


def test_loads_are_kept() -> None:
    loads = Loads(iter([0.5, 1.0]).__next__)
    loads.note("one")
    loads.note("two")
    assert loads.seen == [0.5, 1.0]


def test_an_input_holds_the_example_again_and_again(tmp_path: Path) -> None:
    given = data.make("10MB", tmp_path)
    lines = given.path.read_bytes().splitlines()
    rows = data.BASE.read_bytes().splitlines()[1:]
    assert given.path.stat().st_size >= 10**7
    assert (len(lines) - 1) % len(rows) == 0
    assert lines.count(lines[0]) == 1
    data.check_rows(list(given.totals.items()), given)


@pytest.mark.parametrize("wrong", [[], [("Large", 1)], [("Large", 1), ("Large", 1)]])
def test_a_wrong_answer_is_not_measured(wrong: list[tuple[object, ...]]) -> None:
    given = data.Input("10MB", Path("x.csv"), {"Large": 1, "Small": 2})
    with pytest.raises(data.WrongAnswer, match="instead of"):
        data.check_rows(wrong, given)


@pytest.mark.parametrize("framework", ["spark", "ray"])
def test_the_program_is_the_planners_own(framework: str) -> None:
    text = data.program(framework, "file:///elsewhere/x.csv")
    assert '"file:///elsewhere/x.csv"' in text
    assert data.ADDRESS not in text
    compile(text, "program.py", "exec")


def test_rows_give_medians_and_the_ratio() -> None:
    row = Row("10MB, shared", [1.0, 2.0, 3.0], "spark-submit", [10.0, 20.0, 30.0], "≤ 0.10")
    assert row.text() == "| 10MB, shared | 2.00 s | spark-submit | 20.00 s | 0.10 | ≤ 0.10 |"
    alone = Row("the cage's part", [0.05], goal="≤ 100 ms", unit=milliseconds)
    assert alone.text() == "| the cage's part | 50 ms | – | – | – | ≤ 100 ms |"


def test_a_peer_that_is_missing_has_no_figure() -> None:
    row = Row("10MB, shared", [1.0], "ray job submit", [], "≤ 0.10")
    assert (
        row.text() == "| 10MB, shared | 1.00 s | ray job submit | could not be had | – | ≤ 0.10 |"
    )


def test_a_section_replaces_itself_alone() -> None:
    one = put_section("# Performance\n\nText.\n\n## The loop\n\nOld.\n", "Execution", "First.")
    two = put_section(f"{one}\n## Later\n\nKept.\n", "Execution", "Second.")
    assert one.endswith("## The loop\n\nOld.\n\n## Execution\n\nFirst.\n")
    assert two == (
        "# Performance\n\nText.\n\n## The loop\n\nOld.\n\n## Execution\n\nSecond.\n"
        "\n## Later\n\nKept.\n"
    )
    assert put_section(two, "Execution", "Second.") == two


def test_a_section_says_when_and_how_often() -> None:
    section = Section("Execution", "What was done.", [Row("x", [1.0])], 5, ["A note."])
    text = section.text("Measured on a day")
    assert text.startswith("What was done. Measured on a day; medians of 5 rounds.\n\n| what |")
    assert text.endswith("| x | 1.00 s | – | – | – | – |\n\n- A note.\n")
