"""Computations without tables: what is asked is what is planned, or the refusal says why."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from arclight.contracts.failure import FailureKind, StepFailed
from arclight.contracts.names import Framework
from services.codegen.generator import Ask
from services.codegen.planner.plan import Argument, Compute, Planned, SetOperation, Task, WordCount
from services.codegen.planner.planner import Planner
from services.codegen.planner.render import render
from services.codegen.planner.tasks import numeric_task
from tests.codegen.planner_language.tables import planned, table

ASKED: tuple[tuple[str, Task, tuple[Argument, ...]], ...] = (
    ("first 10 prime numbers", Task.FIRST_PRIMES, (10,)),
    ("Compute the first ten primes.", Task.FIRST_PRIMES, (10,)),
    ("What are the first 25 prime numbers?", Task.FIRST_PRIMES, (25,)),
    ("Write a Ray program that finds the first 15 primes", Task.FIRST_PRIMES, (15,)),
    ("primes below 100", Task.PRIMES_BELOW, (100,)),
    ("all prime numbers less than 1,000", Task.PRIMES_BELOW, (1000,)),
    ("prime numbers up to 13", Task.PRIMES_BELOW, (14,)),
    ("primes below 10^6", Task.PRIMES_BELOW, (10**6,)),
    ("primes between 10 and 50", Task.PRIMES_BETWEEN, (10, 50)),
    ("primes greater than 10 and less than 50", Task.PRIMES_BETWEEN, (11, 49)),
    ("the 10,001st prime", Task.NTH_PRIME, (10_001,)),
    ("the twenty-fifth prime", Task.NTH_PRIME, (25,)),
    ("how many primes are there below 1000?", Task.COUNT_PRIMES, (2, 999)),
    ("is 97 prime", Task.IS_PRIME, (97,)),
    ("largest prime below a million", Task.LARGEST_PRIME, (10**6,)),
    ("sum of the numbers from 1 to 100", Task.RANGE_SUM, (1, 100)),
    ("add up the integers between 5 and 10", Task.RANGE_SUM, (5, 10)),
    ("sum of the first 100 natural numbers", Task.RANGE_SUM, (1, 100)),
    ("sum of the even numbers from 1 to 10", Task.RANGE_SUM, (2, 10, 2)),
    ("sum of the first 3 odd numbers", Task.RANGE_SUM, (1, 5, 2)),
    ("sum 1-50", Task.RANGE_SUM, (1, 50)),
    ("sum of the integers from -5 to 5", Task.RANGE_SUM, (-5, 5)),
    ("sum of multiples of 7 up to 700", Task.MULTIPLES_SUM, (1, 700, (7,))),
    ("numbers below 100 divisible by both 4 and 6", Task.MULTIPLES, (1, 99, (12,))),
    ("sum of x^2 - 2 for x from 1 to 5", Task.FORMULA_SUM, ("x**2 - 2", 1, 5, 1)),
    ("x -> 2x+1 for x in 1..9", Task.FORMULA_RANGE, ("2 * x + 1", 1, 9, 1)),
    ("powers of 2 below 100", Task.FORMULA_RANGE, ("2**x", 0, 6, 1)),
    ("powers of 3 up to 3^4", Task.FORMULA_RANGE, ("3**x", 0, 4, 1)),
    ("powers of 3 with exponents from 1 to 4", Task.FORMULA_RANGE, ("3**x", 1, 4, 1)),
    ("generate the numbers from 1 to 10", Task.NUMBERS, (1, 10, 1)),
    ("even numbers between 1 and 10", Task.NUMBERS, (2, 10, 2)),
    ("fibonacci series of 10 numbers", Task.FIBONACCI, (0, 9)),
    ("prime number 10", Task.NTH_PRIME, (10,)),
    ("I'd like to see all primes under 200 computed with Ray", Task.PRIMES_BELOW, (200,)),
    ("Use Ray to compute the sum of squares of 1 to 9", Task.FORMULA_SUM, ("x**2", 1, 9, 1)),
    ("estimate pi with 100000 samples", Task.MONTE_CARLO_PI, (100_000,)),
    ("Monte Carlo pi using 1 million random points", Task.MONTE_CARLO_PI, (10**6,)),
    ("estimate pi, seed 7, half a million darts", Task.MONTE_CARLO_PI, (500_000, 7)),
    ("the 20th fibonacci number", Task.FIBONACCI, (20,)),
    ("first 10 fibonacci numbers", Task.FIBONACCI, (0, 9)),
    ("factorial of 10", Task.FACTORIAL, (10,)),
    ("12!", Task.FACTORIAL, (12,)),
    ("2 to the 10th power", Task.POWER, (2, 10)),
    ("digit sum of 2^15", Task.DIGIT_SUM, (2, 15)),
    ("choose 3 from 10", Task.COMBINATIONS, (10, 3)),
    ("mean of [3, -4, 5.5]", Task.LIST_MEAN, ((3, -4, 5.5),)),
    ("sort the words pear, Fig and apple", Task.SORT_LIST, (("pear", "fig", "apple"), 0)),
    ("uppercase each of the words 'a b', 'C'", Task.MAP_WORDS, ("upper", ("a b", "C"))),
    ("word count of 'To be, or 1-2 not'", Task.WORD_COUNT, ("To be, or 1-2 not", 0)),
    ("[[1,2]] times [[3],[4]]", Task.MATRIX_PRODUCT, (1, 2, (1, 2), 1, (3, 4))),
)


@pytest.mark.parametrize(("ask", "task", "args"), ASKED, ids=lambda v: str(v)[:40])
def test_task(ask: str, task: Task, args: tuple[Argument, ...]) -> None:
    assert planned(ask).root == Compute(task, args)


@pytest.mark.parametrize(
    ("ask", "summary"),
    [
        ("sum of the even numbers from 1 to 10", "Sum of the numbers from 2 to 10 in steps of 2"),
        ("12!", "12!"),
        ("square each of 1 to 20", "x**2 for x from 1 to 20"),
        ("mean of 1 2 3 4 5 6 7 8", "Mean of 1, 2, 3, 4, 5, 6, …"),
    ],
)
def test_the_summary_says_what_is_computed(ask: str, summary: str) -> None:
    assert planned(ask).summary == summary


def test_pi_without_a_number_says_how_many_samples_it_took() -> None:
    assert any("1,000,000 samples" in a for a in planned("estimate pi by Monte Carlo").assumptions)


def test_a_range_without_a_beginning_says_where_it_began() -> None:
    for end in ("up to 100", "below 101"):
        assert "began with 1" in planned(f"sum of the numbers {end}").assumptions
    assert planned("sum of the numbers from 1 to 100").assumptions == ()


def test_the_number_of_workers_is_not_obeyed_in_silence() -> None:
    found = planned("sum of the numbers from 1 to 100 with 8 workers")
    assert found.root == Compute(Task.RANGE_SUM, (1, 100))
    assert any("parallel" in a for a in found.assumptions)


# --- refusals ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        ("factorial of -3", "factorial of -3 is not possible"),
        ("factorial of 2.5", "2.5 is not a whole number"),
        ("first -3 primes", "of -3 is not possible"),
        ("the first zero primes", "of 0 is not possible"),
        ("the first 10**12 primes", "1,000,000,000,000 is not possible"),
        ("sum of the numbers from 10 to 1", "No whole number lies between 10 and 1"),
        ("estimate pi with 0 samples", "of 0 is not possible"),
        ("1/x for x from -2 to 2", "no value at x = 0"),
        ("9**9**9*x for x from 1 to 3", "more digits"),
        ("multiply [[1,2]] by [[3,4]]", "2 columns cannot be multiplied"),
        ("multiply [[1,2],[3]] by [[3,4],[1,1]]", "differ in length"),
        ("integral of 1/(x - 1/2) from 0 to 0", "empty"),
        ("mean of 1e999, 3", "too large"),
        ("first 10 primes and the factorial of 5", "more than one computation"),
        ("first 10 primes, then the 20th Fibonacci number", "more than one computation"),
        ("powers of 2 from 1 to 16", "whether the powers or their exponents"),
        ("estimate pi with 1000 samples and seed 2.5", "2.5 is not a whole number"),
        ("count the letters in 'a b'", "other characters than letters"),
        ("prime numbers 10", "not in words that say exactly which"),
        ("compute primes", "not in words that say exactly which"),
        ("fibonacci of many", "not in words that say exactly which"),
        ("primes below 100 except 7", "not in words that say exactly which"),
        ("sum of the first 10 primes above 50", "not in words that say exactly which"),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(ask: str, says: str) -> None:
    with pytest.raises(StepFailed) as refused:
        planned(ask)
    failure = refused.value.failure
    assert failure.kind is FailureKind.REQUEST
    assert failure.code == "PROMPT_NOT_UNDERSTOOD"
    assert says in failure.message
    assert failure.hint


# --- tables ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "ask",
    [
        "sum of price from 1 to 10",
        "average of 3, 4 and 5",
        "first 10 orders",
        "number of orders below 100",
        "list the numbers from 1 to 10",
        "sort by price descending",
        "top 3 words",
        "total quantity",
    ],
)
def test_a_question_about_a_table_is_no_computation(ask: str) -> None:
    assert numeric_task(ask, (table("orders"),)) is None


def test_a_computation_beside_a_table_is_still_one() -> None:
    found = numeric_task("the first 10 primes", (table("orders"),))
    assert found is not None
    assert found.root == Compute(Task.FIRST_PRIMES, (10,))


@pytest.mark.parametrize("ask", ["count the rows of each file", "number of records per table"])
def test_rows_of_each_file(ask: str) -> None:
    tables = (table("orders"), table("members"), table("loans"))
    found = numeric_task(ask, tables)
    assert found is not None
    assert isinstance(found.root, SetOperation)
    assert numeric_task(ask, tables[:1]) is None


@pytest.mark.parametrize(
    ("ask", "top"),
    [
        ("word count of the name column", None),
        ("count the words in the names of members", None),
        ("top 3 words in name", 3),
        ("what is the most common word in the name column?", 1),
    ],
)
def test_words_of_a_text_column(ask: str, top: int | None) -> None:
    found = numeric_task(ask, (table("members"),))
    assert found is not None
    assert isinstance(found.root, WordCount)
    assert (found.root.column, found.root.top) == ("name", top)


@pytest.mark.parametrize("ask", ["top 3 words in name by city", "word count of the price column"])
def test_words_of_anything_else_are_left_to_the_language(ask: str) -> None:
    assert numeric_task(ask, (table("members"),)) is None


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
    profiles = tuple(table(t) for t in tables)
    # When
    draft = Planner().generate(Ask(prompt=ask, tables=profiles, framework=Framework.AUTO))
    # Then
    assert draft.framework is framework
    assert any(a.startswith("chose ") for a in draft.plan.assumptions) is said
    compile(draft.program, "program.py", "exec")
    assert framework.value in draft.program


# --- properties --------------------------------------------------------------------------------

_ONES = re.findall(
    r"\w+",
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen",
)
_TENS = ("", "", *re.findall(r"\w+", "twenty thirty forty fifty sixty seventy eighty ninety"))


def spelled(n: int, link: str = " and ") -> str:
    """The number in words, below a million. No `and` stands before `thousand`."""
    if n < 20:
        return _ONES[n]
    if n < 100:
        return _TENS[n // 10] + (f"-{_ONES[n % 10]}" if n % 10 else "")
    size, name = (1000, "thousand") if n >= 1000 else (100, "hundred")
    rest = n % size
    joined = link if 0 < rest < 100 else " "
    return f"{spelled(n // size, ' ')} {name}" + (f"{joined}{spelled(rest, link)}" if rest else "")


def ways_to_write(n: int) -> list[str]:
    ways = [str(n), f"{n:,}", f"{n:_}", spelled(n)]
    if n % 1000 == 0:
        ways += [f"{n // 1000}k", f"{n // 1000} thousand", f"{n // 1000}e3"]
    return ways


numbers = st.one_of(
    st.integers(1, 999_999), st.integers(1, 999).map(lambda n: n * 1000), st.integers(1, 120)
)


@given(n=numbers, data=st.data())
@settings(max_examples=300, deadline=None)
def test_the_number_that_is_said_is_the_number_that_is_computed(
    n: int, data: st.DataObject
) -> None:
    written = data.draw(st.sampled_from(ways_to_write(n)))
    first = numeric_task(f"What are the first {written} primes?")
    below = numeric_task(f"sum of the multiples of 3 below {written}") if n > 3 else None
    assert first is not None
    assert first.root == Compute(Task.FIRST_PRIMES, (n,))
    assert below is None or below.root == Compute(Task.MULTIPLES_SUM, (1, n - 1, (3,)))


@given(
    st.lists(st.integers(-(10**6), 10**6), min_size=2, max_size=12), st.sampled_from((", ", " "))
)
@settings(max_examples=200, deadline=None)
def test_a_list_keeps_its_numbers_and_their_order(values: list[int], between: str) -> None:
    bare = numeric_task(f"median of {between.join(map(str, values))}")
    bracketed = numeric_task(f"median of {values}")
    assert bare is not None
    assert bracketed is not None
    assert bare.root == bracketed.root == Compute(Task.LIST_MEDIAN, (tuple(values),))


VOCABULARY = re.findall(
    r"\S+",
    "first prime primes of the number numbers sum from to 10 3 and , even fibonacci below up 7 "
    "seed samples pi dice with x x**2 integral choose divisors parallel [1,2] 'a b' words word "
    "count mean sort reverse ! ? - ( ) squares th largest each powers ^ 5 factorial multiples or "
    "step matrix [[1,2],[3,4]] geometric series ratio term coin 2.5 -1 1e400 file π “ x/0 sqrt",
)
texts = st.one_of(
    st.text(max_size=80),
    st.lists(st.sampled_from(VOCABULARY), max_size=14).map(" ".join),
    st.lists(st.one_of(st.sampled_from(VOCABULARY), st.text(max_size=3)), max_size=14).map("".join),
)


def attempt(text: str) -> Planned | StepFailed | None:
    try:
        return numeric_task(text)
    except StepFailed as refused:
        return refused


@given(text=texts)
@example(text="#^0")
@example(text="0#^0")
@example(text="§7 times ƒ9")
@settings(max_examples=1500, deadline=None)
def test_any_text_is_planned_refused_or_left_alone(text: str) -> None:
    found = attempt(text)
    if isinstance(found, StepFailed):
        assert found.failure.kind is FailureKind.REQUEST
    elif found is not None:
        for framework in (Framework.RAY, Framework.SPARK):
            compile(render(found, framework), "program.py", "exec")


@pytest.mark.parametrize(
    "text",
    [
        "x " * 2000,
        "(" * 4000,
        "primes and " * 300,
        "arithmetic series " + "a = 3 " * 300 + "foo",
        "1" * 5000,
        "lorem ipsum " * 5000,
        "multiply " + "[" * 3000,
        "mc " + "with and by " * 300 + "pi",
        "🧮" * 3000,
    ],
    ids=lambda t: t[:20],
)
def test_long_nonsense_is_no_computation(text: str) -> None:
    found = attempt(text)
    assert found is None or (isinstance(found, StepFailed) and found.failure.hint)
