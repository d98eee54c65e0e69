"""The questions, each with the query that says the right answer."""

from dataclasses import dataclass

_JOINED = "sales join products using (product_id)"


@dataclass(frozen=True)
class Question:
    """What is asked, the query over the truth, and the columns of `sales` that the answer needs."""

    text: str
    sql: str
    numbers: tuple[str, ...] = ()
    dated: bool = False
    joined: bool = False


QUESTIONS = (
    Question(
        "total quantity by region",
        "select region, sum(quantity) from sales group by 1",
        ("quantity",),
    ),
    Question(
        "average price by region",
        "select region, avg(price) from sales group by 1",
        ("price",),
    ),
    Question(
        "highest quantity in each region",
        "select region, max(quantity) from sales group by 1",
        ("quantity",),
    ),
    Question(
        "total quantity by month",
        "select date_trunc('month', day)::date, sum(quantity) from sales group by 1",
        ("quantity",),
        dated=True,
    ),
    Question(
        "average price by year",
        "select year(day), avg(price) from sales group by 1",
        ("price",),
        dated=True,
    ),
    Question(
        "total quantity by category",
        f"select category, sum(quantity) from {_JOINED} group by 1",
        ("quantity",),
        joined=True,
    ),
    Question(
        "average price by product",
        f"select product, avg(price) from {_JOINED} group by 1",
        ("price",),
        joined=True,
    ),
    Question(
        "total quantity by category where region is North",
        f"select category, sum(quantity) from {_JOINED} where region = 'North' group by 1",
        ("quantity",),
        joined=True,
    ),
)
