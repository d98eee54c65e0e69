"""Plans with cases, functions of a value, measures of some rows, and cells that hold a number."""

from arclight.catalog.profile import ColumnType
from services.codegen.planner import plan as p
from services.codegen.planner.plan import (
    Aggregate,
    AllOf,
    Arith,
    ArithOp,
    Call,
    Clean,
    Col,
    Compare,
    CompareOp,
    Derive,
    Expr,
    Filter,
    Fn,
    Func,
    IsNull,
    Join,
    Lit,
    Measure,
    Node,
    Not,
    OneOf,
    Predicate,
    Project,
    ReadColumn,
)
from tests.codegen.render.cases import Case, by, group
from tests.codegen.render.tables import Tables


def more(left: Expr, right: Expr | int) -> Compare:
    return Compare(CompareOp.GT, left, right if not isinstance(right, int) else Lit(right))


SIZE = p.Case(
    (
        (IsNull(Col("quantity")), Lit("unknown")),
        (AllOf((more(Col("quantity"), 2), more(Lit(5), Col("quantity")))), Lit("middle")),
        (more(Col("quantity"), 5), Lit("large")),
    ),
    Lit("small"),
)
SIZE_SQL = """case when quantity is null then 'unknown' when quantity > 2 and quantity < 5
    then 'middle' when quantity > 5 then 'large' else 'small' end"""


def derived(name: str, expr: Expr, sql: str, *columns: str | ReadColumn) -> Case:
    """One computed column of every order."""

    def plan(t: Tables) -> Node:
        scan = t.scan("orders", "id", *columns)
        return by(Project(Derive(scan, "value", expr), ("id", "value")), "id")

    return Case(f"derive {name}", plan, f"select id, {sql} from orders order by id")


def measured(name: str, measure: Measure, sql: str, *columns: str) -> Case:
    """One measure by region, and over everything."""

    def plan(t: Tables) -> Node:
        scan = t.scan("orders", "region", *columns)
        return by(group(scan, {"region": Col("region")}, measure), "region")

    return Case(
        f"measure {name}",
        plan,
        f"select region, {sql} from orders group by 1 order by 1 nulls last",
    )


LARGE = more(Col("quantity"), 2)
UNSURE = Not(OneOf(Col("region"), (Lit("North"), Lit("South"))))
SUBTRACTED = Arith(ArithOp.SUBTRACT, Col("shipped"), Col("ordered"))
TEXT_NUMBER = ReadColumn("price text", ColumnType.STRING, "price text")


def any_where(test: Predicate) -> Measure:
    return Measure(Func.COUNT, None, "value", where=test)


ZERO = Arith(ArithOp.SUBTRACT, Col("id"), Col("id"))

DAY = ReadColumn(
    "day",
    ColumnType.DATE,
    "when",
    Clean.DATE,
    ("%A, %B %d, %Y", "%d-%b-%y", "%B %d (%a), %Y", "%d %b '%y", "%d/%m/%Y"),
)
VALUES = (
    derived("a case of several branches", SIZE, SIZE_SQL, "quantity"),
    derived(
        "a case without an else, in a sum",
        Arith(
            ArithOp.MULTIPLY,
            p.Case(((UNSURE, Col("quantity")),)),
            Arith(ArithOp.ADD, Col("quantity"), Col("discount")),
        ),
        """case when region not in ('North', 'South') then quantity end
            * (quantity + discount)""",
        "region",
        "quantity",
        "discount",
    ),
    derived(
        "a distance",
        Call(Fn.ABS, Arith(ArithOp.SUBTRACT, Col("quantity"), Col("discount"))),
        "abs(quantity - discount)",
        "quantity",
        "discount",
    ),
    derived("a length", Call(Fn.LENGTH, Col("note")), "length(note)", "note"),
    derived("a lower text", Call(Fn.LOWER, Col("region")), "lower(region)", "region"),
    derived(
        "the number in a text",
        Call(Fn.NUMBER, Col("price text")),
        """case id when 1 then 1234.0 when 2 then 5.0 when 4 then 12.0 when 5 then 7.25
            when 6 then -3.0 end""",
        TEXT_NUMBER,
    ),
    derived(
        "days between a time and a date",
        SUBTRACTED,
        "date_diff('day', ordered, shipped::date)",
        "ordered",
        "shipped",
    ),
    measured("rows where", any_where(LARGE), "count(*) filter (where quantity > 2)", "quantity"),
    measured(
        "rows where, in many words",
        any_where(AllOf((UNSURE, Not(IsNull(Col("discount"))), LARGE))),
        """count(*) filter (where region not in ('North', 'South') and discount is not null
            and quantity > 2)""",
        "quantity",
        "discount",
    ),
    measured(
        "sum where",
        Measure(Func.SUM, Col("quantity"), "value", where=more(Col("discount"), 0)),
        "sum(quantity) filter (where discount > 0)",
        "quantity",
        "discount",
    ),
    measured(
        "distinct where not",
        Measure(Func.COUNT_DISTINCT, Col("quantity"), "value", where=Not(LARGE)),
        "count(distinct quantity) filter (where not quantity > 2)",
        "quantity",
    ),
    measured(
        "percentile",
        Measure(Func.PERCENTILE, Col("quantity"), "value", fraction=0.9),
        "quantile_cont(quantity, 0.9)",
        "quantity",
    ),
    measured(
        "correlation",
        Measure(Func.CORRELATION, Col("quantity"), "value", other=Col("discount")),
        "nullif(corr(quantity, discount), 'nan')",
        "quantity",
        "discount",
    ),
    measured(
        "slope",
        Measure(Func.SLOPE, Col("quantity"), "value", other=Col("discount")),
        "nullif(regr_slope(quantity, discount), 'nan')",
        "quantity",
        "discount",
    ),
    measured(
        "correlation where",
        Measure(
            Func.CORRELATION, Col("id"), "value", other=Col("quantity"), where=more(Col("id"), 1)
        ),
        "nullif(corr(id, quantity) filter (where id > 1), 'nan')",
        "id",
        "quantity",
    ),
    Case(
        "one column read twice, for its first number and as it stands",
        lambda t: by(
            t.scan(
                "heights",
                "name",
                ReadColumn("height", ColumnType.STRING, "height"),
                ReadColumn("height", ColumnType.DOUBLE, "metres", Clean.FIRST_NUMBER),
            ),
            "name",
        ),
        """select * from (values ('a', '1,234 m (est.)', 1234.0), ('b', '12.5–13 m', 12.5),
            ('c', '−3 m', -3.0), ('d', 'K-2', 2.0), ('e', 'unknown', null), ('f', null, null),
            ('g', 'about .5', 0.5), ('h', 'US$1.5 million', 1.5), ('i', '3-2', 3.0),
            ('j', '(-7)', -7.0))""",
    ),
    Case(
        "the mean of ratios of wide sums",
        lambda t: Derive(
            group(
                t.scan("orders", "id", "quantity"),
                {},
                Measure(Func.SUM, Col("quantity"), "items", wide=True),
                Measure(Func.COUNT, Col("quantity"), "orders"),
            ),
            "mean",
            Arith(ArithOp.DIVIDE, Col("items"), Arith(ArithOp.ADD, Col("orders"), Lit(1))),
        ),
        """select sum(quantity), count(quantity), sum(quantity) / (count(quantity) + 1)
            from orders""",
    ),
    Case(
        "a truth",
        lambda t: by(
            Filter(
                t.scan("heights", "name", "tall"), Compare(CompareOp.EQ, Col("tall"), Lit(True))
            ),
            "name",
        ),
        "select * from (values ('a', true), ('b', true), ('h', true))",
    ),
    Case(
        "not a truth",
        lambda t: Aggregate(
            Filter(
                t.scan("heights", "name", "tall"),
                Not(Compare(CompareOp.EQ, Col("tall"), Lit(True))),
            ),
            (),
            (Measure(Func.COUNT, None, "count"),),
        ),
        "select 5",
    ),
    Case(
        "a correlation with what does not vary",
        lambda t: group(
            t.scan("orders", "id", "quantity"),
            {},
            Measure(Func.CORRELATION, Col("quantity"), "r", other=ZERO),
            Measure(Func.SLOPE, Col("quantity"), "slope", other=ZERO),
        ),
        "select null, null",
    ),
    Case(
        "dates with weekdays, and years of two digits",
        lambda t: by(Project(t.scan("days", "id", DAY), ("id", "when")), "id"),
        """select * from (values (1, date '2008-10-12'), (2, date '1997-10-13'),
            (3, date '2068-01-01'), (4, date '1969-01-01'), (5, date '2008-10-14'), (6, null),
            (7, date '2008-03-03'), (8, date '2070-02-01'), (9, null)) order by 1""",
    ),
    Case(
        "a JSON file read twice, with other columns",
        lambda t: by(
            Project(
                Join(
                    t.scan("orders_json", "id", "customer"),
                    t.scan(
                        "orders_json", ReadColumn("id", ColumnType.INTEGER, "other id"), "region"
                    ),
                    "id",
                    "other id",
                ),
                ("id", "customer", "region"),
            ),
            "id",
        ),
        "select id, customer, region from orders order by id",
    ),
)
