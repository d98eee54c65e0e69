"""Plans that ask where a row stands in its file."""

from collections.abc import Callable
from dataclasses import replace

from services.codegen.planner.plan import How, Join, Limit, Node, Project, Scan
from tests.codegen.render.cases import Case, by
from tests.codegen.render.tables import Tables


def numbered(table: str) -> Callable[[Tables], Node]:
    """The rows of a file by their place in it, last first."""

    def plan(t: Tables) -> Node:
        rows = replace(t.scan(table, "region", "note"), position="row")
        return Limit(by(rows, "-row"), 3)

    return plan


NUMBERED_SQL = "select region, note, id from orders order by id desc limit 3"


def listed(t: Tables, table: str, *columns: str) -> Scan:
    """Rows that stay in the order of their file where they tie."""
    return replace(t.scan(table, *columns), position="file order", numbered=False)


def tied(table: str) -> Callable[[Tables], Node]:
    """Two of these discounts stand in two rows each."""
    return lambda t: Project(
        by(listed(t, table, "note", "discount"), "-discount", "file order"), ("note", "discount")
    )


TIED_SQL = "select note, discount from orders order by discount desc nulls last, id"


def joined(how: How) -> Callable[[Tables], Node]:
    """Cities of the orders: the smaller side is the listed one, and some have two orders."""

    def plan(t: Tables) -> Node:
        orders = t.scan("orders", "id", "customer", "region")
        customers = listed(t, "customers", "customer id", "name", "city")
        both = Join(customers, orders, "customer id", "customer", how)
        return Project(by(both, "city", "file order"), ("city", "name", "id"))

    return plan


ORDERS = (
    *(
        Case(f"rows by their place, {kind or 'csv'}", numbered(f"orders{kind}"), NUMBERED_SQL)
        for kind in ("", "_tsv", "_json", "_parquet")
    ),
    *(
        Case(f"ties in the order of the file, {kind or 'csv'}", tied(f"orders{kind}"), TIED_SQL)
        for kind in ("", "_tsv", "_json", "_parquet")
    ),
    *(
        Case(
            f"ties of a joined table, {how}",
            joined(how),
            f"""select city, name, id from customers {how} join orders
                on customer = "customer id" order by city, name, id""",
        )
        for how in (How.INNER, How.LEFT)
    ),
)
