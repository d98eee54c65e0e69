"""The schema and the prompts that the planner's speed is measured on."""

import csv
import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

ROWS = 500
"""Per table."""
WIDTH = 20
TABLES = {
    "customers": (),
    "products": ("supplier_id",),
    "suppliers": (),
    "stores": ("region_id",),
    "regions": (),
    "employees": ("store_id",),
    "orders": ("customer_id", "store_id", "employee_id"),
    "order_items": ("order_id", "product_id"),
    "payments": ("order_id",),
    "returns": ("order_id", "product_id"),
}
"""Table → its keys of other tables."""
PROMPTS = (
    "total amount by city",
    "how many orders are there per month",
    "average price of products",
    "top 5 customers by total amount",
    "orders since March 2023 with amount over 500",
    "list the name and city of customers in London",
    "number of employees per store",
    "which supplier has the most products",
    "customers without orders",
    "total amount of payments by status and channel",
    "products with price above average",
    "names of employees whose salary is between 3000 and 5000",
    "share of orders by channel",
    "monthly growth of amount of orders",
    "the 3 most expensive products per category",
    "how many different cities do customers come from",
    "customers with at least 3 orders",
    "average rating by segment, highest first",
    "returns by reason in 2024",
    "median weight of products by category",
    "orders that are not paid",
    "correlation between price and weight of products",
    "which store has the highest total amount of orders in Paris",
    "employees hired before 2020 sorted by salary descending",
    "number of orders per customer segment and quarter",
    "the latest order of each customer",
    "running total of payments by month",
    "missing values per column of customers",
    "cities with both customers and suppliers",
    "analyze orders",
)
_CITIES = ("London", "Paris", "Berlin", "Madrid", "Rome", "Vienna", "Prague", "Oslo", "Dublin")
_WORDS = {
    "city": _CITIES,
    "status": ("open", "paid", "shipped", "cancelled", "on hold"),
    "channel": ("web", "phone", "store", "partner"),
    "segment": ("consumer", "corporate", "home office"),
    "category": ("tools", "toys", "garden", "kitchen", "office"),
    "reason": ("damaged", "late", "wrong item", "not needed"),
    "priority": ("low", "medium", "high"),
}
_NAMES = ("Anna", "Ben", "Clara", "David", "Emma", "Felix", "Grace", "Henry", "Ida", "Jonas")
_NUMBERS = ("amount", "price", "weight", "rating", "discount", "quantity", "salary", "score")
_DATES = ("created", "updated", "hired")


def write_tables(folder: Path) -> list[Path]:
    """Ten CSV files of twenty columns; the same ones every time."""
    return [_write(folder / f"{name}.csv", name, keys) for name, keys in TABLES.items()]


def _write(path: Path, name: str, keys: tuple[str, ...]) -> Path:
    chance = random.Random(name)
    columns = dict(_columns(name, keys))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for number in range(1, ROWS + 1):
            writer.writerow([make(chance, number) for make in columns.values()])
    return path


Make = Callable[[random.Random, int], object]


def _columns(table: str, keys: tuple[str, ...]) -> Iterator[tuple[str, Make]]:
    """The table's id, its name, its keys, and as many others as make it WIDTH columns."""
    yield f"{table.removesuffix('s')}_id", lambda _, number: number
    yield "name", lambda chance, number: f"{chance.choice(_NAMES)} {number}"
    for key in keys:
        yield key, lambda chance, _: chance.randint(1, ROWS)
    others: list[tuple[str, Make]] = [
        *((name, _one_of(words)) for name, words in _WORDS.items()),
        *((name, _number) for name in _NUMBERS),
        *((name, _day) for name in _DATES),
    ]
    yield from others[: WIDTH - 2 - len(keys)]


def _one_of(words: tuple[str, ...]) -> Make:
    return lambda chance, _: chance.choice(words)


def _number(chance: random.Random, _: int) -> object:
    return round(chance.uniform(1, 10_000), 2)


def _day(chance: random.Random, _: int) -> object:
    return date(2019, 1, 1) + timedelta(days=chance.randrange(2000))
