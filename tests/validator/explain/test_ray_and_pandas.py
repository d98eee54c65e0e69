"""Ray, Arrow and pandas programs in sentences."""

import pytest

from tests.validator.explain.told import RAY, READ, steps, told


@pytest.mark.parametrize(
    ("chain", "said"),
    [
        (
            'filter(lambda r: r["price"] > 3 and r["kind"] == "a")',
            "Keep the rows where price > 3 and kind is 'a'.",
        ),
        ('filter(expr="price > 3")', "Keep the rows where `price > 3`."),
        ('groupby("kind").sum("price")', "For each kind: sum of price."),
        (
            'groupby(["a", "b"]).aggregate(Mean("x"), Count(), Sum("y", alias_name="t"))',
            "For each a, b: average of x, number of rows, sum of y as t.",
        ),
        ('sort("a", descending=True)', "Sort the rows by a from high to low."),
        ('sort(["a", "b"], [True, False])', "Sort the rows by a from high to low, b."),
        ('add_column("t", lambda d: d["a"] * 2)', "Compute t = a * 2."),
        ('select_columns(["a", "b"])', "Take a, b."),
        ('drop_columns(["a"])', "Leave out a."),
        ('rename_columns({"a": "b"})', "Rename a to b."),
        ('map(lambda r: {"x": r["a"] + 1})', "Apply `{'x': r['a'] + 1}` to each row."),
        ("limit(5)", "Keep the first 5 rows."),
        ("take(5)", "Take the first 5 rows."),
        ("take_all()", "Bring the rows to the program's own process."),
        (
            "map_batches(make(3))",
            "Apply `make(3)`, which is not explained here, to each batch of rows.",
        ),
        ("repartition(4)", ""),
    ],
)
def test_a_step_of_ray_data_is_told(chain: str, said: str) -> None:
    assert steps(f"{RAY}orders.{chain}\n") == [s for s in [said] if s]


def test_functions_that_ray_is_handed_are_told_from_within() -> None:
    program = f"""{RAY}
def prepare(batch: pa.Table) -> pa.Table:
    batch = batch.filter(pc.field("price") > 3)
    totals = batch.group_by(["kind"]).aggregate([("price", "sum"), ([], "count_all")])
    return totals.sort_by([("kind", "descending")])

orders.map_batches(prepare, batch_format="pyarrow").write_parquet(args.output)
"""
    assert told(program) == [
        READ,
        "Apply the program's function prepare to each batch of rows.",
        "Keep the rows where price > 3.",
        "For each kind: sum of price, number of rows.",
        "Sort the rows by kind from high to low.",
        "Write the answer to the output folder as Parquet.",
    ]


def test_a_join_of_arrow_tables_and_one_of_ray() -> None:
    program = f"""{RAY}
customers = ray.data.read_parquet("s3://data/customers/")
joined = orders.join(customers, "left_outer", 4, on=("customer",), right_on=("id",))

def add(batch: pa.Table, others: pa.Table) -> pa.Table:
    return batch.join(others, keys="a", right_keys="b", join_type="inner")

joined.map_batches(add, batch_format="pyarrow")
"""
    assert told(program)[2:] == [
        "Join `orders` with `customers` on customer = id; rows of `orders` without a partner stay;"
        " this is `joined`.",
        "Apply the program's function add to each batch of rows of `joined`.",
        "Join `batch` with `others` on a = b; rows without a partner are left out.",
    ]


def test_tasks_and_actors_are_told_with_their_loop() -> None:
    program = f"""{RAY}
@ray.remote
def count(part):
    return len(part)

@ray.remote
class Totals:
    def __init__(self):
        self.n = 0
    def add(self, n):
        self.n += n

totals = Totals.remote()
for n in ray.get([count.remote(p) for p in [1, 2]]):
    totals.add.remote(n)
"""
    assert steps(program) == [
        "Start Totals as an actor of Ray.",
        "For each p of `[1, 2]`: run count as a task of Ray.",
        "For each n of `ray.get([count.remote(p) for p in [1, 2]])`: call add of an actor of Ray.",
    ]


def test_a_computation_without_data_says_so() -> None:
    program = """\
import argparse
import pyarrow as pa
import pyarrow.parquet as pq
import ray
parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
args = parser.parse_args()
ray.init()

@ray.remote
def square(n):
    return n * n

values = ray.get([square.remote(n) for n in range(3)])
pq.write_table(pa.table({"square": values}), f"{args.output}/a.parquet")
"""
    assert told(program) == [
        "Read no data: what the answer is made of is in the program.",
        "For each n of `range(3)`: run square as a task of Ray.",
        "Make a table of values that the program computed.",
        "Write the answer to the output folder as Parquet.",
    ]


PANDAS = RAY + 'frame = pd.read_csv("s3://data/orders.csv")\n'


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("frame[frame.price > 3]", "Keep the rows of `frame` where price > 3."),
        ('frame[["a", "b"]]', "Take a, b of `frame`."),
        ('frame["t"] = frame["a"] * 2', "Compute t = a * 2 of `frame`."),
        ("frame.assign(t=frame.a + 1)", "Compute t = a + 1 of `frame`."),
        ('frame.groupby("k")["x"].sum()', "For each k of `frame`: sum of x."),
        (
            'frame.groupby("k").agg(t=("x", "mean"), n=("x", "size"))',
            "For each k of `frame`: average of x as t, number of rows as n.",
        ),
        (
            'frame.sort_values("a", ascending=False).head(3)',
            "Sort `frame` by a from high to low. Keep the first 3 rows of `frame`.",
        ),
        ('frame.nlargest(3, "a")', "Keep the 3 rows of `frame` with the largest a."),
        ('frame.query("a > 1")', "Keep the rows of `frame` where `a > 1`."),
        (
            'pd.merge(frame, frame, on="id")',
            "Join `frame` with `frame` on id; rows without a partner are left out.",
        ),
        ("pd.concat([frame, frame])", "Put the rows of `frame` and `frame` together."),
        ('frame["a"].str.upper()', ""),
    ],
)
def test_a_step_of_pandas_is_told(code: str, said: str) -> None:
    assert " ".join(told(f"{PANDAS}{code}\n")[2:]) == said


@pytest.mark.parametrize(
    ("chain", "said"),
    [
        ("slice(0, 3)", "Keep the first 3 rows."),
        ("slice(start, 3)", "Keep 3 rows from place start on."),
        ('append_column("n", values)', "Compute n = values."),
        ('set_column(0, "n", pc.abs(pc.field("a")))', "Compute n = abs(a)."),
        ("cast(types)", "Give the columns the types of `types`."),
        ("drop_null()", "Drop the rows with a missing value."),
        ('group_by(["a"]).aggregate([])', "Keep each a once."),
    ],
)
def test_a_step_of_arrow_is_told(chain: str, said: str) -> None:
    program = f"""{RAY}
def change(batch: pa.Table) -> pa.Table:
    return batch.{chain}

orders.map_batches(change, batch_format="pyarrow")
"""
    assert told(program)[2:] == [said]
