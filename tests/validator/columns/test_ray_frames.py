"""Ray Data, Arrow and pandas: which names a step needs, and which it leaves."""

import pytest

from arclight.contracts.names import Severity
from tests.validator.columns.programs import ray

GOOD = [
    'orders.select_columns(["id", "Region"]).sort("Region")',
    'orders.drop_columns(["id"]).select_columns("quantity")',
    'orders.rename_columns({"id": "order"}).sort("order")',
    'orders.rename_columns(["a", "b", "c", "d", "e", "f"]).sort(["a", "f"])',
    'orders.groupby("Region").sum("quantity").sort("sum(quantity)")',
    'orders.groupby(["Region"]).aggregate(Sum("quantity"), Mean("quantity", alias_name="m"))'
    '.sort("m")',
    'orders.groupby("Region").count().sort("count()")',
    'orders.add_column("twice", lambda df: df["quantity"] * 2).sort("twice")',
    'orders.filter(expr="quantity > 3 and id < 5")',
    'orders.filter(lambda row: row["quantity"] > 3)',
    'orders.map(lambda row: {"n": row["id"], **row}).sort("quantity")',
    'orders.map(lambda row: {"n": row["id"]}).sort("n")',
    'orders.map_batches(unknown).sort("anything")',
    "def twice(batch):\n    batch['twice'] = batch['quantity'] * 2\n    return batch\n"
    'orders.map_batches(twice, batch_format="pandas").sort("twice")',
    "def pick(rows: pa.Table):\n    rows = rows.filter(pc.field('quantity') > 1)\n"
    "    rows = rows.append_column('n', rows['id'])\n    return rows.select(['n', 'Region'])\n"
    'orders.map_batches(pick, batch_format="pyarrow").sort("n")',
    "def total(rows):\n"
    "    found = rows.group_by(['Region']).aggregate([('quantity', 'sum'), ([], 'count_all')])\n"
    "    return found.sort_by([('quantity_sum', 'descending'), ('count_all', 'ascending')])\n"
    'orders.map_batches(total, batch_format="pyarrow").sort("quantity_sum")',
    'for row in orders.take(3):\n    print(row["id"])',
    'p = orders.to_pandas()\np["t"] = p["quantity"] * p["unit price"]\n'
    'print(p.groupby("Region")["t"].sum().reset_index().sort_values("t"))',
    'p = pd.read_csv("s3://data/orders.csv")\nprint(p[p["quantity"] > 1][["id", "Region"]])',
    'p = pd.read_parquet("s3://data/customers.parquet", columns=["name"])\nprint(p["name"])',
    'p = orders.to_pandas().merge(customers.to_pandas(), on="customer_id")\nprint(p["name"])',
    "p = orders.to_pandas()\n"
    'p = p.rename(columns={"id": "n"}).drop(columns=["Region"])\nprint(p["n"])',
    'p = orders.to_pandas()\np.columns = ["a", "b", "c", "d", "e", "f"]\nprint(p["f"])',
    'p = orders.to_pandas().groupby("Region").agg(n=("id", "count")).reset_index()\nprint(p["n"])',
    'orders.join(customers, "inner", 4, on=("customer_id",)).select_columns(["name", "id"])',
    'orders.union(orders).limit(3).select_columns(["id"])',
    'ray.data.from_items([{"a": 1}, {"a": 2}]).sort("a")',
    'ray.data.range(5).map(lambda row: {"sq": row["id"] ** 2}).sort("sq")',
    'ray.data.read_csv("s3://data/unknown.csv").sort("anything")',
    "@ray.remote\ndef size(rows):\n    return rows['id']\n"
    "ray.get([size.remote(b) for b in orders.to_arrow_refs()])",
]
BAD = [
    ('orders.select_columns(["idd"])', "idd", "id"),
    ('orders.select_columns(["region"])', "region", "Region"),
    ('orders.drop_columns(["idd"])', "idd", "id"),
    ('orders.rename_columns({"idd": "order"})', "idd", "id"),
    ('orders.groupby("region").sum("quantity")', "region", "Region"),
    ('orders.groupby("Region").sum("quantty")', "quantty", "quantity"),
    ('orders.groupby("Region").aggregate(Sum("quantty"))', "quantty", "quantity"),
    ('orders.groupby("Region").sum("quantity").sort("sum(quantty)")', "sum(quantty)", None),
    ('orders.sort("quantty")', "quantty", "quantity"),
    ('orders.filter(expr="quantty > 3")', "quantty", "quantity"),
    ('orders.filter(lambda row: row["quantty"] > 3)', "quantty", "quantity"),
    ('orders.add_column("t", lambda df: df["quantty"] * 2)', "quantty", "quantity"),
    ('orders.map(lambda row: {"n": row["id"]}).sort("id")', "id", None),
    ('print(orders.mean("quantty"))', "quantty", "quantity"),
    ('for row in orders.take(3):\n    print(row["idd"])', "idd", "id"),
    (
        "def f(batch):\n    batch['t'] = batch['quantty']\n    return batch\n"
        'orders.map_batches(f, batch_format="pandas")',
        "quantty",
        "quantity",
    ),
    (
        "def f(rows):\n    return rows.filter(pc.field('quantty') > 1)\n"
        'orders.map_batches(f, batch_format="pyarrow")',
        "quantty",
        "quantity",
    ),
    (
        "def f(rows):\n    return rows.select(['id'])\n"
        'orders.map_batches(f, batch_format="pyarrow").sort("quantity")',
        "quantity",
        None,
    ),
    (
        "def f(rows):\n    return rows.group_by(['Region']).aggregate([('quantty', 'sum')])\n"
        'orders.map_batches(f, batch_format="pyarrow")',
        "quantty",
        "quantity",
    ),
    ('print(pd.read_csv("s3://data/orders.csv")["quantty"])', "quantty", "quantity"),
    ('print(orders.to_pandas().groupby("region")["quantity"].sum())', "region", "Region"),
    ('print(orders.to_pandas().groupby("Region")["quantty"].sum())', "quantty", "quantity"),
    ('print(orders.to_pandas().sort_values("quantty"))', "quantty", "quantity"),
    ('orders.join(customers, "inner", 4, on=("id",))', "id", "customer_id"),
    (
        "@ray.remote\ndef f(rows):\n    return rows['idd']\n"
        "ray.get([f.remote(b) for b in orders.to_arrow_refs()])",
        "idd",
        "id",
    ),
]


@pytest.mark.parametrize("body", GOOD)
def test_what_runs_is_not_judged(body: str) -> None:
    assert ray(body) == []


@pytest.mark.parametrize(("body", "name", "meant"), BAD)
def test_an_unknown_column_is_found(body: str, name: str, meant: str | None) -> None:
    first = ray(body)[0]
    assert (first.code, first.severity) == ("COL001", Severity.ERROR)
    assert f"{name!r}" in first.message
    if meant is not None:
        assert first.candidates[0] == meant


def test_a_sum_of_texts_is_a_warning() -> None:
    assert [f.code for f in ray('orders.groupby("id").sum("Region")')] == ["COL004"]
    assert ray('orders.groupby("id").max("Region")') == []
