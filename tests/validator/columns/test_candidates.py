"""What is meant by a name that is not there, and the change that puts it in place."""

import pytest

from services.validator.columns.candidates import meant, ranked
from tests.validator.columns.programs import RAY, SPARK, findings, mended, ray, spark

NAMES = (
    "order_id",
    "customerName",
    "Wildlife Size",
    "unit_price",
    "Order Date",
    "Quantity",
    "city",
)


@pytest.mark.parametrize(
    ("wanted", "best"),
    [
        ("OrderID", "order_id"),
        ("customer_name", "customerName"),
        ("customer_names", "customerName"),
        ("wildlife_size", "Wildlife Size"),
        ("size wildlife", "Wildlife Size"),
        ("unit_pirce", "unit_price"),
        ("unitprices", "unit_price"),
        ("date_of_order", "Order Date"),
        ("qty", "Quantity"),
        ("cust_nm", "customerName"),
        ("cities", "city"),
        ("city_id", "city"),
        ("the_quantity", "Quantity"),
    ],
)
def test_the_name_that_is_meant_comes_first(wanted: str, best: str) -> None:
    assert ranked(wanted, NAMES)[0][0] == best


def test_names_that_resemble_nothing_have_no_candidates() -> None:
    assert ranked("zzz", NAMES) == []


def test_two_equally_likely_names_leave_it_open() -> None:
    assert meant(ranked("cost", ("cost_a", "cost_b"))) is None


MENDED = [
    ('orders.select("quantty")', 'orders.select("quantity")'),
    ("orders.select('unit_price')", 'orders.select("unit price")'),
    ("orders.select(orders.quantty)", "orders.select(orders.quantity)"),
    ("orders.select(orders.unit_price)", 'orders.select(orders["unit price"])'),
    ('orders.filter("unit_price > 3")', 'orders.filter("`unit price` > 3")'),
    ('orders.alias("o").select("o.quantty")', 'orders.alias("o").select("o.quantity")'),
    (
        'orders.select(F.col("größe") if 0 else F.col("quantty"))',
        'orders.select(F.col("größe") if 0 else F.col("quantity"))',
    ),
    ('orders.select("quan" "tty")', 'orders.select("quantity")'),
]


@pytest.mark.parametrize(("before", "after"), MENDED)
def test_the_fix_changes_exactly_the_name(before: str, after: str) -> None:
    (found,) = spark(before)
    assert found.fix is not None
    assert mended(f"{SPARK}{before}\n", found.fix) == f"{SPARK}{after}\n"
    assert findings(f"{SPARK}{after}\n") == []


def test_a_python_expression_is_mended_inside_its_string() -> None:
    (found,) = ray('orders.filter(expr="quantty > 3")')
    assert found.fix is not None
    assert mended(f'{RAY}orders.filter(expr="quantty > 3")\n', found.fix).endswith(
        'orders.filter(expr="quantity > 3")\n'
    )


@pytest.mark.parametrize(
    "body",
    ['orders.select(f"quan{chr(116)}ty")', 'orders.select("zzz")'],
    ids=["the name is put together", "nothing resembles it"],
)
def test_what_a_machine_must_not_change_has_no_fix(body: str) -> None:
    assert all(f.fix is None for f in spark(body))
