"""Plans with windows, set operations, joins that only test, cases and functions of a value."""

from collections.abc import Callable

from arclight.catalog.profile import ColumnType
from services.codegen.planner.plan import (
    Arith,
    ArithOp,
    Col,
    Compare,
    CompareOp,
    Expr,
    Filter,
    Func,
    How,
    IsNull,
    Join,
    Limit,
    Lit,
    Measure,
    Node,
    Not,
    OneOf,
    Project,
    ReadColumn,
    SetOp,
    SetOperation,
    Sort,
    SortKey,
    Window,
    WindowFunc,
)
from tests.codegen.render.cases import CASES, Case, by, group
from tests.codegen.render.cases_orders import ORDERS
from tests.codegen.render.cases_values import VALUES
from tests.codegen.render.tables import Tables


def more(left: Expr, right: Expr | int) -> Compare:
    return Compare(CompareOp.GT, left, right if not isinstance(right, int) else Lit(right))


def windowed(func: WindowFunc, sql: str, *order: str, **settings: object) -> Case:
    """A window over the orders of each region; the ties of its order are broken by the id."""
    of = settings.pop("of", None)
    rows = settings.pop("rows", None)
    partition = settings.pop("partition", ("region",))

    def plan(t: Tables) -> Node:
        scan = t.scan("orders", "id", "region", "quantity", "discount")
        keys = tuple(SortKey(k.lstrip("-"), k.startswith("-")) for k in order)
        window = Window(scan, "value", func, of, partition, keys, rows)  # type: ignore[arg-type]
        return by(Project(window, ("id", "value")), "id")

    name = f"window {func} by {', '.join(order) or 'nothing'} {of} {rows} over {partition}"
    return Case(name, plan, f"select id, {sql} from orders order by id")


def quantity_sets(op: SetOp) -> Callable[[Tables], Node]:
    """Regions and quantities of orders with a small id, against those without a discount."""

    def plan(t: Tables) -> Node:
        first = Filter(
            t.scan("orders", "id", "region", "quantity"),
            Compare(CompareOp.LE, Col("id"), Lit(5)),
        )
        second = Filter(
            t.scan("orders", *(other(t, c) for c in ("region", "quantity", "discount"))),
            OneOf(Col("other discount"), (Lit(0), Lit(4))),
        )
        columns = ("other region", "other quantity")
        sides = Project(first, ("region", "quantity")), Project(second, columns)
        return by(SetOperation(op, *sides), "region", "quantity")

    return plan


def set_sql(op: str) -> str:
    return f"""select * from (select region, quantity from orders where id <= 5 {op}
        select region, quantity from orders where discount in (0, 4))
        order by region nulls last, quantity nulls last"""


def other(t: Tables, column: str) -> ReadColumn:
    """A column of the orders under a second name."""
    known = t.profiles["orders"].column(column)
    assert known is not None
    return ReadColumn(column, known.type, f"other {column}")


def tested(how: How) -> Callable[[Tables], Node]:
    """Orders by whether their customer is known: only one order has none at all."""

    def plan(t: Tables) -> Node:
        orders = t.scan("orders", "id", "customer")
        known = Filter(
            t.scan("customers", "customer id", "name"),
            Compare(CompareOp.EQ, Col("name"), Lit("ann"), fold=True),
        )
        return by(Project(Join(orders, known, "customer", "customer id", how), ("id",)), "id")

    return plan


def above_average(t: Tables) -> Node:
    """The scan stands twice in the plan, once as it is and once as a total."""
    scan = t.scan("orders", "id", "quantity")
    kept = Filter(scan, Not(IsNull(Col("quantity"))))
    mean = group(scan, {}, Measure(Func.AVG, Col("quantity"), "mean quantity"))
    joined = Join(kept, mean, how=How.CROSS)
    large = Filter(joined, more(Col("quantity"), Col("mean quantity")))
    return by(Project(large, ("id", "quantity"), names=("Order", "Items")), "-Items")


STEPS = (
    windowed(
        WindowFunc.ROW_NUMBER,
        """row_number() over (partition by region order by quantity desc nulls last, id)""",
        "-quantity",
    ),
    windowed(
        WindowFunc.RANK,
        "rank() over (partition by region order by discount nulls last)",
        "discount",
    ),
    windowed(
        WindowFunc.DENSE_RANK,
        "dense_rank() over (order by quantity desc nulls last)",
        "-quantity",
        partition=(),
    ),
    windowed(
        WindowFunc.LAG,
        "lag(quantity) over (order by id)",
        "id",
        of=Col("quantity"),
        partition=(),
    ),
    windowed(
        WindowFunc.LEAD,
        "lead(quantity, 2) over (order by discount nulls last, id, quantity nulls last)",
        "discount",
        of=Col("quantity"),
        rows=2,
        partition=(),
    ),
    windowed(
        WindowFunc.SUM,
        """sum(quantity) over (partition by region order by discount, id
            rows between unbounded preceding and current row)""",
        "discount",
        of=Col("quantity"),
    ),
    windowed(
        WindowFunc.AVG,
        "avg(discount) over (order by id rows between 2 preceding and current row)",
        "id",
        of=Col("discount"),
        rows=3,
        partition=(),
    ),
    windowed(
        WindowFunc.MAX,
        "max(quantity + discount) over (partition by region)",
        of=Arith(ArithOp.ADD, Col("quantity"), Col("discount")),
    ),
    windowed(WindowFunc.MIN, "min(discount) over ()", of=Col("discount"), partition=()),
    windowed(WindowFunc.COUNT, "count(*) over (partition by region)"),
    windowed(WindowFunc.COUNT, "count(quantity) over ()", of=Col("quantity"), partition=()),
    Case(
        "the two largest orders of each region",
        lambda t: by(
            Project(
                Filter(
                    Window(
                        t.scan("orders", "id", "region", "quantity"),
                        "place",
                        WindowFunc.ROW_NUMBER,
                        None,
                        ("region",),
                        (SortKey("quantity", True),),
                    ),
                    Compare(CompareOp.LE, Col("place"), Lit(2)),
                ),
                ("region", "quantity"),
            ),
            "region",
            "-quantity",
        ),
        """select region, quantity from orders qualify row_number() over
            (partition by region order by quantity desc nulls last) <= 2
            order by region nulls last, quantity desc nulls last""",
    ),
    *(Case(f"set {op}", quantity_sets(op), set_sql(op.upper().replace("_", " "))) for op in SetOp),
    Case(
        "a union of numbers and texts is text",
        lambda t: by(
            SetOperation(
                SetOp.UNION,
                Project(t.scan("orders", "quantity"), ("quantity",)),
                Project(t.scan("customers", "name"), ("name",)),
            ),
            "quantity",
        ),
        """select quantity::varchar q from orders union select name from customers
            order by 1 nulls last""",
    ),
    Case(
        "semi join",
        tested(How.SEMI),
        """select id from orders where customer in
            (select "customer id" from customers where name = 'Ann') order by 1""",
    ),
    Case(
        "anti join keeps missing keys",
        tested(How.ANTI),
        """select id from orders where not exists (select 1 from customers
            where name = 'Ann' and "customer id" = customer) order by 1""",
    ),
    Case(
        "join over two keys",
        lambda t: by(
            Project(
                Join(
                    t.scan("orders", "id", "customer", "quantity"),
                    t.scan("orders", *(other(t, c) for c in ("id", "customer", "quantity"))),
                    "customer",
                    "other customer",
                    How.INNER,
                    (("quantity", "other quantity"),),
                ),
                ("id", "other id"),
            ),
            "id",
            "other id",
        ),
        """select a.id, b.id from orders a join orders b
            on a.customer = b.customer and a.quantity = b.quantity order by 1, 2""",
    ),
    Case(
        "a number joined with a text",
        lambda t: by(
            Project(
                Join(
                    t.scan("orders", "id", "customer"),
                    t.scan(
                        "customers",
                        ReadColumn("customer id", ColumnType.STRING, "customer id"),
                        "name",
                    ),
                    "customer",
                    "customer id",
                ),
                ("id", "name"),
            ),
            "id",
            "name",
        ),
        """select id, name from orders join customers on customer = "customer id"
            order by 1, 2""",
    ),
    Case(
        "more than the mean, under other names",
        above_average,
        """select id, quantity from orders where quantity > (select avg(quantity) from orders)
            order by quantity desc, id""",
    ),
    Case(
        "the smallest of each: sorted first, then counted",
        lambda t: group(
            Limit(Sort(t.scan("orders", "id", "discount"), (SortKey("discount"),)), 3),
            {},
            Measure(Func.SUM, Col("id"), "ids"),
        ),
        """select sum(id) from (select id from orders order by discount nulls last, id
            limit 3)""",
    ),
)
ALL = (*CASES, *STEPS, *ORDERS, *VALUES)
