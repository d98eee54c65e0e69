"""Numeric tasks without tables."""

import pytest

from arclight.contracts.names import Framework
from services.codegen.generator import Ask
from services.codegen.planner.plan import Compute, Task
from services.codegen.planner.planner import Planner
from tests.codegen.planner_language.tables import planned


@pytest.mark.parametrize(
    ("ask", "task", "args"),
    [
        ("first 10 prime numbers", Task.FIRST_PRIMES, (10,)),
        ("Compute the first ten primes.", Task.FIRST_PRIMES, (10,)),
        ("What are the first 25 prime numbers?", Task.FIRST_PRIMES, (25,)),
        ("primes below 100", Task.PRIMES_BELOW, (100,)),
        ("all prime numbers less than 1,000", Task.PRIMES_BELOW, (1000,)),
        ("prime numbers up to 13", Task.PRIMES_BELOW, (14,)),
        ("sum of the numbers from 1 to 100", Task.RANGE_SUM, (1, 100)),
        ("add up the integers between 5 and 10", Task.RANGE_SUM, (5, 10)),
        ("sum of the first 100 natural numbers", Task.RANGE_SUM, (1, 100)),
        ("sum of the even numbers from 1 to 10", Task.RANGE_SUM, (2, 10, 2)),
        ("sum of the first 3 odd numbers", Task.RANGE_SUM, (1, 5, 2)),
        ("estimate pi with 100000 samples", Task.MONTE_CARLO_PI, (100000,)),
        ("Monte Carlo pi using 1 million random points", Task.MONTE_CARLO_PI, (1000000,)),
        ("the 20th fibonacci number", Task.FIBONACCI, (20,)),
        ("first 10 fibonacci numbers", Task.FIBONACCI, (0, 9)),
        ("factorial of 10", Task.FACTORIAL, (10,)),
        ("12!", Task.FACTORIAL, (12,)),
    ],
)
def test_task(ask: str, task: Task, args: tuple[int, ...]) -> None:
    assert planned(ask).root == Compute(task, args)


def test_pi_without_a_number_says_how_many_samples_it_took() -> None:
    assert any("1,000,000 samples" in a for a in planned("estimate pi by Monte Carlo").assumptions)


@pytest.mark.parametrize(
    ("tables", "ask", "framework", "said"),
    [
        ((), "first 10 prime numbers", Framework.RAY, True),
        (("seattle_weather",), "average wind by year", Framework.SPARK, False),
    ],
)
def test_auto_chooses_a_framework_and_says_so_where_it_is_a_surprise(
    tables: tuple[str, ...], ask: str, framework: Framework, said: bool
) -> None:
    # Given
    from tests.codegen.planner_language.tables import table

    profiles = tuple(table(t) for t in tables)
    # When
    draft = Planner().generate(Ask(prompt=ask, tables=profiles, framework=Framework.AUTO))
    # Then
    assert draft.framework is framework
    assert any(a.startswith("chose ") for a in draft.plan.assumptions) is said
    compile(draft.program, "program.py", "exec")
    assert framework.value in draft.program
