"""Branches, loops, functions: what is known of a name on all ways to its use."""

import pytest

from arclight.contracts.names import Severity
from tests.validator.columns.programs import spark

GOOD = {
    "either way has it": """
if input():
    f = orders.withColumn("a", F.lit(1))
else:
    f = orders.withColumn("b", F.lit(1))
f.select("a")
f.select("b")
""",
    "a loop over known names": """
for name in ["a", "b"]:
    orders = orders.withColumn(name, F.lit(0))
orders.select("a", "b")
""",
    "a loop over unknown names": """
for name in input().split():
    orders = orders.withColumn(name, F.lit(0))
orders.select("whatever")
""",
    "a loop that renames": """
for old in ["id", "region"]:
    orders = orders.withColumnRenamed(old, old + "_x")
orders.select("id_x", "region_x")
""",
    "a guard": """
if "extra" in orders.columns:
    orders.select("extra")
orders.select(*[c for c in ["id", "extra"] if c in orders.columns])
""",
    "a guard that returns": """
def pick(frame, name):
    if name not in frame.columns:
        return frame
    return frame.select(name)
pick(orders, "extra").select("id")
""",
    "a skipped turn": """
for name in ["id", "extra"]:
    if name not in orders.columns:
        continue
    orders.select(name)
""",
    "an error that is caught": """
try:
    orders.select("extra")
except Exception:
    orders.select("id")
""",
    "a function": """
def shorter(frame, *names):
    return frame.select(*names)
shorter(orders, "id", "quantity").select("quantity")
""",
    "a list that a function fills": """
names = []
def add(name):
    names.append(name)
add("id")
orders.select(*names).select("id")
""",
    "a list that is shuffled": """
import random
names = ["id", "quantity"]
random.shuffle(names)
orders.select(names[0]).select(names[0])
""",
    "frames in a dictionary": """
frames = {"o": orders, "c": customers}
frames["o"].select("quantity")
frames["c"].select("city")
""",
    "a comprehension": """
orders.select([F.col(c).alias(c.lower()) for c in orders.columns]).select("unit price")
orders.agg(*[F.max(c).alias(f"max_{c}") for c in ("id", "quantity")]).select("max_id")
""",
    "reduce": """
from functools import reduce
reduce(lambda a, b: a.withColumn(b, F.lit(1)), ["x", "y"], orders).select("x", "y")
""",
    "a frame that grows from nothing": """
whole = None
for n in range(3):
    part = orders.filter(F.col("id") == n)
    whole = part if whole is None else whole.union(part)
whole.select("id")
""",
    "a recursion": """
def deeper(frame, n):
    return frame if n == 0 else deeper(frame.withColumn("x", F.lit(n)), n - 1)
deeper(orders, 9).select("x")
""",
    "a main function that comes first": """
def main():
    prepare(orders).select("a")
def prepare(frame):
    return frame.withColumn("a", F.lit(1))
if __name__ == "__main__":
    main()
""",
    "a match": """
match input():
    case "a":
        orders = orders.withColumn("x", F.lit(1))
    case _:
        pass
orders.select("x")
""",
    "a method of an object": """
class Step:
    def run(self, frame):
        return frame.select("nowhere")
""",
}


@pytest.mark.parametrize("name", GOOD)
def test_a_way_on_which_the_name_is_there_keeps_the_check_silent(name: str) -> None:
    assert spark(GOOD[name]) == []


BAD = {
    "neither way has it": """
if input():
    f = orders.withColumn("a", F.lit(1))
else:
    f = orders.withColumn("b", F.lit(1))
f.select("zzz")
""",
    "inside a loop": """
for n in range(100):
    orders.select("zzz")
""",
    "inside a function": """
def pick(frame):
    return frame.select("zzz")
pick(orders)
""",
    "a name that is put together": """
suffix = "zz"
orders.select(f"z{suffix}")
""",
    "one of many": """
for name in ["id", "zzz"]:
    orders.select(name)
""",
    "in main": """
def main():
    orders.select("zzz")
if __name__ == "__main__":
    main()
""",
    "an error that is raised again": """
try:
    orders.select("zzz")
except ValueError as error:
    raise RuntimeError("no") from error
""",
}


@pytest.mark.parametrize("name", BAD)
def test_a_name_that_no_way_has_is_an_error(name: str) -> None:
    found = spark(BAD[name])
    assert [(f.code, f.severity) for f in found] == [("COL001", Severity.ERROR)]
    assert "'zzz'" in found[0].message


def test_what_may_never_run_is_a_warning() -> None:
    found = spark('if input() == "deep":\n    orders.select("zzz")')
    assert [f.severity for f in found] == [Severity.WARNING]


def test_what_rows_decide_is_an_error() -> None:
    found = spark('if orders.count() > 3:\n    orders.select("zzz")')
    assert [f.severity for f in found] == [Severity.ERROR]
