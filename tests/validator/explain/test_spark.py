"""Spark programs in sentences: what is read, joined, filtered, computed, sorted and written."""

import pytest

from tests.validator.explain.told import CUSTOMERS_TOO, READ, SPARK, steps, told


def test_a_program_is_told_in_the_order_in_which_it_runs() -> None:
    program = f"""{SPARK}
big = orders.filter(F.col("price") > 100)
totals = big.groupBy("region").agg(F.sum("price").alias("total"))
totals.orderBy(F.desc("total")).limit(3).write.mode("overwrite").parquet(args.output)
"""
    assert told(program) == [
        READ,
        "Keep the rows where price > 100.",
        "For each region: sum of price as total.",
        "Sort the rows by total from high to low.",
        "Keep the first 3 rows.",
        "Write the answer to the output folder as Parquet.",
    ]


def test_with_several_tables_each_is_called_by_its_name() -> None:
    program = f"""{SPARK}{CUSTOMERS_TOO}
recent = orders.where(F.col("year") == 2024)
joined = recent.join(customers, recent.customer == customers.id, "left")
joined.write.parquet(args.output)
"""
    assert told(program) == [
        READ,
        "Read customers (s3://data/customers/) as Parquet.",
        "Keep the rows of `orders` where year is 2024; this is `recent`.",
        "Join `recent` with `customers` on customer = id; rows of `recent` without a partner stay;"
        " this is `joined`.",
        "Write `joined` to the output folder as Parquet.",
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            'customers, "id"',
            "join `orders` with `customers` on id; rows without a partner are left out",
        ),
        (
            'customers, ["id", "year"], "left_outer"',
            "join `orders` with `customers` on id and year; rows of `orders` without a partner"
            " stay",
        ),
        (
            'customers, on="id", how="right"',
            "join `orders` with `customers` on id; rows of `customers` without a partner stay",
        ),
        (
            'customers, "id", "full_outer"',
            "join `orders` with `customers` on id; rows without a partner stay",
        ),
        (
            'F.broadcast(customers), "id", "leftsemi"',
            "keep the rows of `orders` that have a partner in `customers` on id",
        ),
        (
            'customers, "id", how="left_anti"',
            "keep the rows of `orders` that have no partner in `customers` on id",
        ),
        ("customers", "put each row of `customers` beside each row of `orders`"),
        (
            'customers, (orders.a == customers.b) & (orders.day >= customers.since), "inner"',
            "join `orders` with `customers` on a = b and day >= since; rows without a partner"
            " are left out",
        ),
        (
            'customers, "id", args.how',
            "join `orders` with `customers` on id, in a way that only the run knows",
        ),
        (
            'elsewhere, "id"',
            "join `orders` with `elsewhere` (a table that cannot be seen here) on id; rows without"
            " a partner are left out",
        ),
    ],
)
def test_a_join_names_its_keys_and_its_kind(arguments: str, said: str) -> None:
    sentences = told(f"{SPARK}{CUSTOMERS_TOO}both = orders.join({arguments})\n")
    assert sentences[2:] == [f"{said[0].upper()}{said[1:]}; this is `both`."]


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("\"price > 3 AND kind = 'a'\"", "`price > 3 AND kind = 'a'`"),
        ('F.col("kind") == "a"', "kind is 'a'"),
        ('orders["price"] != orders.cost', "price is not equal to cost"),
        ('F.col("kind").isin("a", "b")', "kind is one of 'a', 'b'"),
        ('~F.col("kind").isin(["a", "b"])', "not (kind is one of 'a', 'b')"),
        ('F.col("price").between(1, 5)', "price is from 1 to 5"),
        ('F.col("price").isNull() | (F.col("price") < 0)', "price is missing or price < 0"),
        ('(F.col("a") + 1) * 2 >= -1', "((a + 1) * 2) >= -1"),
        ('F.lower("kind").startswith("x")', "lower(kind) starts with 'x'"),
        ('F.col("price") > args.least', "price > `args.least`"),
        ('F.year("day") == 2024', "year(day) is 2024"),
        (
            'F.date_trunc("month", "day") == F.lit("2024-01-01")',
            "date_trunc('month', day) is '2024-01-01'",
        ),
        ('F.expr("price % 2 = 0")', "`price % 2 = 0`"),
    ],
)
def test_a_condition_is_told_in_words_and_what_has_none_as_it_stands(
    condition: str, said: str
) -> None:
    assert steps(f"{SPARK}orders.filter({condition})\n") == [f"Keep the rows where {said}."]


@pytest.mark.parametrize(
    ("chain", "said"),
    [
        ('groupBy("a").count()', "For each a: number of rows."),
        (
            'groupBy("a", F.month("day").alias("m")).sum("x")',
            "For each a, m = month(day): sum of x.",
        ),
        ('groupBy(["a"]).avg("x", "y")', "For each a: average of x, average of y."),
        (
            'groupBy("a").pivot("b").agg(F.max("x"))',
            "For each a: maximum of x, in a column for each b.",
        ),
        ('rollup("a").agg({"x": "sum"})', "For each a: sum of x with subtotals."),
        (
            'agg(F.count("*"), F.countDistinct("x").alias("n"))',
            "Over all rows: number of rows, number of different x as n.",
        ),
        (
            'groupBy("a").agg(F.sum(F.col("x") * F.col("y")).alias("t"))',
            "For each a: sum of x * y as t.",
        ),
        ('groupBy("a").agg(*measures)', "For each a: `*measures`."),
        ("count()", "Count the rows."),
    ],
)
def test_groups_name_their_keys_and_their_measures(chain: str, said: str) -> None:
    assert steps(f"{SPARK}orders.{chain}\n") == [said]


@pytest.mark.parametrize(
    ("chain", "said"),
    [
        ('withColumn("t", F.col("a") * F.col("b"))', "Compute t = a * b."),
        ('withColumns({"t": F.upper("a"), "u": F.lit(1)})', "Compute t = upper(a), u = 1."),
        (
            'withColumn("c", F.when(F.col("a") > 5, "big").otherwise("small"))',
            "Compute c = ('big' where a > 5; else 'small').",
        ),
        (
            'withColumn("r", F.rank().over(Window.partitionBy("a").orderBy(F.desc("b"))))',
            "Compute r = rank() within each a, in the order of b from high to low.",
        ),
        (
            'select("a", F.col("b").cast("int"), (F.col("c") * 2).alias("d"))',
            "Take a, b as int and compute d = c * 2.",
        ),
        (
            'select(F.explode("words").alias("word"))',
            "Compute word = each element of words, in a row of its own.",
        ),
        ('drop("a", "b")', "Leave out a, b."),
        ('withColumnRenamed("a", "b")', "Rename a to b."),
        ("distinct()", "Keep each different row once."),
        ('dropDuplicates(["a"])', "Keep one of the rows for each a."),
        ('dropna(subset=["a"])', "Drop the rows with a missing value in a."),
        ("na.fill(0)", "Put 0 for missing values of the rows."),
        ('orderBy("a", F.col("b").desc())', "Sort the rows by a, b from high to low."),
        ('sort("a", "b", ascending=[True, False])', "Sort the rows by a, b from high to low."),
        (
            'orderBy("a", ascending=args.up)',
            "Sort the rows by a in a direction that depends on `args.up`.",
        ),
        ("limit(1)", "Keep the first row."),
        ("limit(args.n)", "Keep the first `args.n` rows."),
        (
            'describe("a")',
            "Sum up the rows: count, average, standard deviation, minimum, maximum.",
        ),
        ("sample(0.1)", "Take a random sample of the rows."),
        ("toPandas()", "Bring the rows to the program's own process."),
        ('melt("a")', "Call .melt() on `orders`, which is not explained here."),
        ("cache()", ""),
    ],
)
def test_a_step_is_told(chain: str, said: str) -> None:
    assert steps(f"{SPARK}orders.{chain}\n") == [s for s in [said] if s]


def test_a_column_with_a_name_in_the_program_is_followed() -> None:
    program = f"""{SPARK}
net = F.col("price") - F.col("discount")
by_region = Window.partitionBy("region")
by_region = by_region.orderBy("day").rowsBetween(-2, Window.currentRow)
orders.withColumn("sum", F.sum(net).over(by_region))
"""
    assert steps(program) == [
        "Compute sum = sum of price - discount within each region, in the order of day, over the"
        " rows from 2 before to this one."
    ]


def test_a_name_means_its_last_assignment_before_the_place() -> None:
    program = f"""{SPARK}
least = 1
orders = orders.filter(F.col("a") > least)
least = 2
orders = orders.filter(F.col("b") > least)
"""
    assert steps(program) == ["Keep the rows where a > 1.", "Keep the rows where b > 2."]


def test_what_depends_on_the_run_is_told_with_its_condition() -> None:
    program = f"""{SPARK}
if args.recent:
    orders = orders.filter("year = 2024")
else:
    orders = orders.limit(10)
for name in ["a", "b"]:
    for other in [1, 2]:
        if name == "a, b":
            orders = orders.drop(name)
try:
    orders.write.parquet(args.output)
except ValueError:
    orders.show()
"""
    assert steps(program) == [
        "If `args.recent`: keep the rows where `year = 2024`.",
        "Unless `args.recent`: keep the first 10 rows.",
        "For each other of `[1, 2]`, if `name == 'a, b'`: leave out name.",
        "Write the answer to the output folder as Parquet.",
        "When something fails: print the first rows of `orders`.",
    ]


def test_functions_of_the_program_are_told_where_they_are_called() -> None:
    program = f"""{SPARK}
def unused(frame: DataFrame) -> DataFrame:
    return frame.limit(99)

def clean(frame: DataFrame) -> DataFrame:
    return frame.dropna()

def main() -> None:
    cleaned = clean(orders)
    cleaned.transform(top).write.parquet(args.output)

def top(frame: DataFrame) -> DataFrame:
    return frame.orderBy("a").limit(3)

if __name__ == "__main__":
    main()
"""
    assert steps(program) == [
        "Apply the program's function clean to the rows.",
        "Drop the rows with a missing value.",
        "Apply the program's function top to the table.",
        "Sort the rows by a.",
        "Keep the first 3 rows.",
        "Write the answer to the output folder as Parquet.",
    ]


def test_a_place_that_cannot_be_seen_is_said() -> None:
    program = SPARK.replace('"s3://data/orders.csv"', "args.path")
    assert told(program) == ["Read a place that only the run knows as CSV."]


def test_a_read_of_one_of_several_places_and_of_all_of_them() -> None:
    one = SPARK.replace('"s3://data/orders.csv"', '"s3://a/x" if args.a else "s3://b/x"')
    assert told(one) == ["Read s3://a/x or s3://b/x as CSV."]
    each = f"{SPARK}for path in ['s3://a/x', 's3://b/x']:\n    spark.read.json(path)\n"
    assert told(each)[1:] == [
        "For each path of `['s3://a/x', 's3://b/x']`: read s3://a/x and s3://b/x as JSON."
    ]


def test_a_table_of_a_catalog_and_a_database_are_read() -> None:
    assert told(f'{SPARK}t = spark.table("sales.orders")\n')[1:] == [
        "Read the table sales.orders, called `t`."
    ]
    jdbc = 'spark.read.format("jdbc").option("url", "jdbc:postgresql://h/d").load()\n'
    assert told(SPARK + jdbc)[1:] == ["Read a database at jdbc:postgresql://h/d."]


def test_rows_of_the_program_are_no_data_that_was_read() -> None:
    program = SPARK.partition("orders =")[0]
    assert told(f'{program}spark.createDataFrame([("a", 1)], ["k", "n"]).show()\n') == [
        "Read no data: what the answer is made of is in the program.",
        "Make a table of values that stand in the program.",
        "Print the first rows of a table.",
    ]


def test_tables_are_put_together() -> None:
    program = f"""{SPARK}{CUSTOMERS_TOO}
all_rows = orders.unionByName(customers)
rest = all_rows.exceptAll(customers).distinct()
"""
    assert told(program)[2:] == [
        "Put the rows of `orders` and `customers` together, by the names of their columns; this is"
        " `all_rows`.",
        "Keep the rows of `all_rows` that are not in `customers`.",
        "Keep each different row of the combined rows once; this is `rest`.",
    ]


def test_tables_in_a_dictionary_keep_their_names() -> None:
    program = f"""{SPARK}
frames = {{}}
frames["a"] = orders
for name, uri in {{"b": "s3://data/customers/"}}.items():
    frames[name] = spark.read.json(uri)
both = frames["a"].join(frames["b"], "id")
"""
    assert told(program)[-1] == (
        "Join `a` with `b` on id; rows without a partner are left out; this is `both`."
    )


def test_an_answer_outside_the_output_folder_is_told_with_its_place() -> None:
    sentences = steps(f'{SPARK}orders.write.json("s3://other/x")\n')
    assert sentences == ["Write `orders` to s3://other/x as JSON."]
