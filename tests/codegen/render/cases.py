"""Plans and the SQL that says what each must answer: the case is data."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from arclight.catalog.profile import ColumnType
from services.codegen.planner.plan import (
    Aggregate,
    AllOf,
    AnyOf,
    Arith,
    ArithOp,
    Between,
    Bucket,
    Clean,
    Col,
    Compare,
    CompareOp,
    Derive,
    Expr,
    Filter,
    Func,
    How,
    IsNull,
    Join,
    Key,
    Limit,
    Lit,
    Match,
    Measure,
    Node,
    Not,
    OneOf,
    Predicate,
    Project,
    ReadColumn,
    Sort,
    SortKey,
    TextMatch,
    Unit,
    WordCount,
)
from tests.codegen.render.tables import Tables


@dataclass(frozen=True)
class Case:
    """`sql` runs on DuckDB over the same files."""

    name: str
    plan: Callable[[Tables], Node]
    sql: str


def by(source: Node, *keys: str) -> Sort:
    return Sort(source, tuple(SortKey(k.lstrip("-"), k.startswith("-")) for k in keys))


def group(source: Node, keys: dict[str, Expr], *measures: Measure) -> Aggregate:
    return Aggregate(source, tuple(Key(e, n) for n, e in keys.items()), measures)


def times(left: Expr, right: Expr) -> Arith:
    return Arith(ArithOp.MULTIPLY, left, right)


def where(name: str, test: Predicate, sql: str, column: str = "region") -> Case:
    """The ids of the orders that pass `test`."""

    def plan(t: Tables) -> Node:
        columns = ("id", "region", "quantity", "ordered", "shipped", "note", "discount")
        return by(Project(Filter(t.scan("orders", *columns), test), ("id",)), "id")

    return Case(f"where {name}", plan, f"select id from orders where {sql} order by id")


OF_TWO = (Func.PERCENTILE, Func.CORRELATION, Func.SLOPE)
EVERY_FUNC = tuple(Measure(f, Col("quantity"), f.value) for f in Func if f not in OF_TWO)
EVERY_FUNC_SQL = """count(quantity), count(distinct quantity), sum(quantity)::bigint,
    avg(quantity), min(quantity), max(quantity), median(quantity), stddev(quantity),
    variance(quantity)"""
REVENUE = times(Col("quantity"), Col("unit_price"))


def every_bucket(column: str) -> Callable[[Tables], Node]:
    def plan(t: Tables) -> Node:
        node: Node = t.scan("orders", "id", column)
        units = [u for u in Unit if column == "shipped" or u is not Unit.HOUR_OF_DAY]
        for unit in units:
            node = Derive(node, unit.value, Bucket(unit, Col(column)))
        return by(Project(node, ("id", *(u.value for u in units))), "id")

    return plan


def bucket_sql(column: str) -> str:
    truncated = [f"date_trunc('{u}', {column})::date" for u in ("day", "week", "month")]
    truncated += [f"date_trunc('quarter', {column})::date", f"year({column})"]
    parts = [f"{u}({column})" for u in ("month", "quarter", "week", "isodow")]
    parts += ["hour(shipped)"] if column == "shipped" else []
    return f"select id, {', '.join([*truncated, *parts])} from orders order by id"


def formats(table: str) -> Callable[[Tables], Node]:
    """The same question of the same orders in another format."""

    def plan(t: Tables) -> Node:
        scan = t.scan(table, "region", "quantity", "ordered", "shipped", "unit_price", "note")
        kept = Filter(scan, Compare(CompareOp.GE, Col("ordered"), Lit(date(2024, 1, 1))))
        measures = (
            Measure(Func.SUM, Col("quantity"), "items"),
            Measure(Func.MAX, Col("shipped"), "last"),
            Measure(Func.AVG, Col("unit_price"), "price"),
            Measure(Func.MIN, Col("note"), "note"),
        )
        return by(group(kept, {"region": Col("region")}, *measures), "region")

    return plan


FORMATS_SQL = """select region, sum(quantity)::bigint, max(shipped), avg(unit_price), min(note)
    from orders where ordered >= date '2024-01-01' group by 1 order by 1 nulls last"""


def joined(how: str) -> Callable[[Tables], Node]:
    def plan(t: Tables) -> Node:
        left = t.scan("orders", "id", "customer", "quantity")
        right = t.scan("customers", "customer id", "name")
        join = Join(left, right, "customer", "customer id", How(how))
        return by(Project(join, ("id", "name", "customer id")), "id", "name")

    return plan


def joined_sql(how: str) -> str:
    return f"""select id, name, "customer id" from orders {how} join customers
        on customer = "customer id" order by id, name nulls last"""


NUMBER = ReadColumn("price text", ColumnType.DOUBLE, "price", Clean.NUMBER)
WHEN = ReadColumn(
    "when text", ColumnType.DATE, "when", Clean.DATE, ("%Y-%m-%d", "%Y/%m/%d", "%d %b %Y")
)

CASES = (
    Case(
        "every measure by a key with nulls",
        lambda t: by(
            group(
                t.scan("orders", "region", "quantity"),
                {"region": Col("region")},
                Measure(Func.COUNT, None, "rows"),
                *EVERY_FUNC,
            ),
            "region",
        ),
        f"select region, count(*), {EVERY_FUNC_SQL} from orders group by 1 order by 1 nulls last",
    ),
    Case(
        "every measure over everything",
        lambda t: group(
            t.scan("orders", "quantity"), {}, Measure(Func.COUNT, None, "rows"), *EVERY_FUNC
        ),
        f"select count(*), {EVERY_FUNC_SQL} from orders",
    ),
    Case(
        "every measure over nothing",
        lambda t: group(
            Filter(t.scan("orders", "id", "quantity"), Compare(CompareOp.GT, Col("id"), Lit(99))),
            {},
            Measure(Func.COUNT, None, "rows"),
            *EVERY_FUNC,
        ),
        f"select count(*), {EVERY_FUNC_SQL} from orders where id > 99",
    ),
    Case(
        "groups of nothing keep their columns",
        lambda t: by(
            group(
                Filter(t.scan("orders", "id", "region"), Compare(CompareOp.GT, Col("id"), Lit(99))),
                {"region": Col("region")},
                Measure(Func.SUM, Col("id"), "ids"),
            ),
            "region",
        ),
        "select region, sum(id)::bigint from orders where id > 99 group by 1",
    ),
    Case(
        "top groups, ties by name",
        lambda t: Limit(
            by(
                group(
                    t.scan("orders", "region", "id"),
                    {"region": Col("region")},
                    Measure(Func.COUNT, None, "orders"),
                ),
                "-orders",
            ),
            3,
        ),
        "select region, count(*) c from orders group by 1 order by c desc, 1 nulls last limit 3",
    ),
    Case(
        "derived measure by month",
        lambda t: by(
            group(
                t.scan("orders", "ordered", "quantity", "unit_price"),
                {"month": Bucket(Unit.MONTH, Col("ordered"))},
                Measure(Func.SUM, REVENUE, "revenue"),
                Measure(Func.MEDIAN, REVENUE, "median revenue"),
            ),
            "month",
        ),
        """select date_trunc('month', ordered)::date m, sum(quantity * unit_price),
            median(quantity * unit_price) from orders group by 1 order by 1 nulls last""",
    ),
    Case(
        "share of a total, and division by zero",
        lambda t: by(
            Project(
                Derive(
                    Derive(
                        t.scan("orders", "id", "quantity", "unit_price", "discount"),
                        "per discount",
                        Arith(ArithOp.DIVIDE, Col("quantity"), Col("discount")),
                    ),
                    "net",
                    Arith(
                        ArithOp.SUBTRACT,
                        times(Lit(100), Arith(ArithOp.ADD, Col("quantity"), Lit(1))),
                        Arith(ArithOp.DIVIDE, Col("unit_price"), Lit(2)),
                    ),
                ),
                ("id", "per discount", "net"),
            ),
            "-id",
        ),
        """select id, case when discount = 0 then null else quantity / discount end,
            100 * (quantity + 1) - unit_price / 2 from orders order by id desc""",
    ),
    Case(
        "having: a filter on groups, then groups of groups",
        lambda t: group(
            Filter(
                group(
                    t.scan("orders", "customer", "quantity"),
                    {"customer": Col("customer")},
                    Measure(Func.SUM, Col("quantity"), "items"),
                ),
                Compare(CompareOp.GE, Col("items"), Lit(5)),
            ),
            {},
            Measure(Func.COUNT, None, "customers"),
            Measure(Func.AVG, Col("items"), "mean items"),
        ),
        """select count(*), avg(items) from
            (select customer, sum(quantity) items from orders group by 1) where items >= 5""",
    ),
    Case("inner join", joined("inner"), joined_sql("inner")),
    Case("left join", joined("left"), joined_sql("left")),
    Case(
        "a table joined with itself",
        lambda t: by(
            Join(
                t.scan("customers", "customer id", "name"),
                t.scan(
                    "customers",
                    ReadColumn("customer id", ColumnType.INTEGER, "other id"),
                    ReadColumn("name", ColumnType.STRING, "other name"),
                ),
                "customer id",
                "other id",
            ),
            "name",
            "other name",
        ),
        """select a."customer id", a.name, b."customer id", b.name from customers a
            join customers b on a."customer id" = b."customer id" order by 2, 4""",
    ),
    Case(
        "distinct rows",
        lambda t: by(Project(t.scan("orders", "region", "discount"), ("region",), True), "region"),
        "select distinct region from orders order by 1 nulls last",
    ),
    Case(
        "distinct keys without measures",
        lambda t: by(
            group(t.scan("orders", "customer"), {"customer": Col("customer")}), "customer"
        ),
        "select distinct customer from orders order by 1 nulls last",
    ),
    Case(
        "first rows by a column with nulls",
        lambda t: Limit(by(t.scan("orders", "id", "quantity"), "-quantity"), 4),
        "select id, quantity from orders order by quantity desc nulls last, id limit 4",
    ),
    Case("every bucket of a date", every_bucket("ordered"), bucket_sql("ordered")),
    Case("every bucket of a timestamp", every_bucket("shipped"), bucket_sql("shipped")),
    Case("format csv", formats("orders"), FORMATS_SQL),
    Case("format tsv", formats("orders_tsv"), FORMATS_SQL),
    Case("format json", formats("orders_json"), FORMATS_SQL),
    Case("format parquet", formats("orders_parquet"), FORMATS_SQL),
    Case(
        "numbers written as text",
        lambda t: by(Project(t.scan("orders", "id", NUMBER), ("id", "price")), "id"),
        """select * from (values (1, 1234.0), (2, 5.0), (3, null), (4, 12.0), (5, 7.25),
            (6, -3.0), (7, null)) order by 1""",
    ),
    Case(
        "dates written in several ways",
        lambda t: by(Project(t.scan("orders", "id", WHEN), ("id", "when")), "id"),
        """select * from (values (1, date '2024-01-31'), (2, date '2024-02-01'), (3, null),
            (4, date '2024-12-30'), (5, null), (6, date '2025-01-06'), (7, date '2023-10-01'))
            order by 1""",
    ),
    Case(
        "days between two dates",
        lambda t: by(
            Project(
                Derive(
                    t.scan("orders", "id", "ordered"),
                    "days",
                    Arith(ArithOp.SUBTRACT, Col("ordered"), Bucket(Unit.QUARTER, Col("ordered"))),
                ),
                ("id", "days"),
            ),
            "id",
        ),
        "select id, ordered - date_trunc('quarter', ordered)::date from orders order by id",
    ),
    Case(
        "words, most frequent first",
        lambda t: WordCount(t.scan("poem", "verse"), "verse", 4),
        """select * from (values ('the', 3), ('cat', 2), ('dog', 3)) t(word, n)
            union all select 'a', 1 order by n desc, 1""",
    ),
    Case(
        "words of filtered rows",
        lambda t: WordCount(
            Filter(t.scan("poem", "line", "verse"), Compare(CompareOp.EQ, Col("line"), Lit(4))),
            "verse",
        ),
        "select 'dog', 2",
    ),
    where(
        "text, whatever its case",
        Compare(CompareOp.EQ, Col("region"), Lit("NORTH"), fold=True),
        "lower(region) = 'north'",
    ),
    where("text, exactly", Compare(CompareOp.EQ, Col("region"), Lit("North")), "region = 'North'"),
    where(
        "text is another",
        Compare(CompareOp.NE, Col("region"), Lit("south"), fold=True),
        "lower(region) <> 'south'",
    ),
    where(
        "not one of several",
        Not(OneOf(Col("region"), (Lit("north"), Lit("East")), fold=True)),
        "lower(region) not in ('north', 'east')",
    ),
    where(
        "one of several numbers",
        OneOf(Col("quantity"), (Lit(1), Lit(4))),
        "quantity in (1, 4)",
    ),
    where(
        "starts, ends or contains",
        AnyOf(
            (
                Match(TextMatch.STARTS, Col("note"), "FAST"),
                Match(TextMatch.ENDS, Col("note"), "Steady"),
                AllOf(
                    (
                        Match(TextMatch.CONTAINS, Col("note"), '"HI"'),
                        Not(IsNull(Col("discount"))),
                    )
                ),
            )
        ),
        """note ilike 'fast%' or note ilike '%steady' or note ilike '%"hi"%'""",
    ),
    where(
        "does not contain",
        Not(Match(TextMatch.CONTAINS, Col("note"), "fast")),
        "note not ilike '%fast%'",
    ),
    where("missing", IsNull(Col("region")), "region is null"),
    where(
        "neither this nor that",
        Not(
            AnyOf(
                (
                    Compare(CompareOp.GT, Col("quantity"), Lit(3)),
                    Between(Col("discount"), Lit(1), Lit(4)),
                )
            )
        ),
        "not (quantity > 3 or discount between 1 and 4)",
    ),
    where(
        "a half-open range of dates",
        Between(Col("ordered"), Lit(date(2024, 1, 1)), Lit(date(2024, 2, 29)), half_open=True),
        "ordered >= '2024-01-01' and ordered < '2024-02-29'",
    ),
    where(
        "a range of times given as dates",
        Between(Col("shipped"), Lit(date(2024, 2, 2)), Lit(date(2024, 2, 3)), half_open=True),
        "shipped >= '2024-02-02' and shipped < '2024-02-03'",
    ),
    where(
        "a moment",
        Compare(CompareOp.GE, Col("shipped"), Lit(datetime(2025, 1, 5, 12))),
        "shipped >= timestamp '2025-01-05 12:00:00'",
    ),
    where(
        "outside a range",
        Not(Between(Col("quantity"), Lit(2), Lit(4))),
        "quantity not between 2 and 4",
    ),
    where(
        "two columns compared",
        Compare(CompareOp.LT, Col("quantity"), Col("discount")),
        "quantity < discount",
    ),
)
