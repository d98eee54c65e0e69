"""One hundred seeded errors of names, types, functions and paths, each one change of a program."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

PROGRAMS = Path(__file__).parent / "programs"


@dataclass(frozen=True)
class Fault:
    """`old` stands once in the program; with `new` in its place the program fails in its run."""

    program: str
    kind: str
    old: str
    new: str

    @property
    def framework(self) -> str:
        return self.program.partition("/")[0]

    @cached_property
    def text(self) -> str:
        """The program with the error. Raises ValueError when `old` does not stand there once."""
        text = (PROGRAMS / f"{self.program}.py").read_text()
        if text.count(self.old) != 1 or self.old == self.new:
            raise ValueError(f"{self.program}: {self.old!r} stands there {text.count(self.old)}×")
        return text.replace(self.old, self.new)


def _of(program: str, *changes: tuple[str, str, str]) -> list[Fault]:
    return [Fault(program, kind, old, new) for kind, old, new in changes]


SPARK = [
    *_of(
        "spark/totals",
        ("column", 'F.col("Cost Repair") > 100', 'F.col("Repair Cost") > 100'),
        ("column", 'F.countDistinct("Origin State")', 'F.countDistinct("State")'),
        ("column", 'F.desc("repairs")', 'F.desc("repair")'),
        ("function", "F.countDistinct(", "F.count_unique("),
        ("method", "costly.groupBy(", "costly.groupby_columns("),
        ("type", '/ F.col("states")', '/ F.array(F.col("states"))'),
        ("path", '"file:///data/birdstrikes.csv"', '"file:///data/birdstrike.csv"'),
        ("argument", "inferSchema=True", "infer_schema=True"),
        (
            "import",
            "from pyspark.sql import functions as F",
            "from pyspark.sql import function as F",
        ),
    ),
    *_of(
        "spark/routes",
        ("ambiguous", 'F.sum("count")', 'F.max("city")'),
        ("ambiguous", 'F.col("start.state") != F.col("end.state")', 'F.col("state").isNotNull()'),
        ("column", "flights.origin ==", "flights.source =="),
        ("column", 'F.col("end.iata")', 'F.col("end.code")'),
        (
            "alias",
            'F.col("start.state").alias("from_state")',
            'F.col("departure.state").alias("f")',
        ),
        ("sql", '"flights > 10"', '"flights > > 10"'),
        ("column", '"flights > 10"', '"total > 10"'),
        ("name", ".limit(50)", ".limit(most)"),
        ("format", '.csv("file:///data/airports.csv")', '.parquet("file:///data/airports.csv")'),
    ),
    *_of(
        "spark/views",
        ("table", "FROM flights", "FROM flight"),
        ("table", "JOIN airports a", "JOIN airport a"),
        ("column", "a.country = 'USA'", "a.nation = 'USA'"),
        (
            "group by",
            "SELECT origin, sum(count) AS flights",
            "SELECT origin, destination, sum(count) AS flights",
        ),
        ("function", "upper(a.city)", "uppercase(a.city)"),
        ("alias", "ON a.iata = b.origin", "ON a.iata = f.origin"),
        ("sql", "GROUP BY origin", "GROUP origin"),
        ("alias", "SELECT a.state, a.city", "SELECT a.state, x.city"),
        ("type", "round(b.flights / b.routes, 2)", "round(b.flights / a.city, 2)"),
        ("method", "createOrReplaceTempView(name)", "createOrReplaceView(name)"),
    ),
    *_of(
        "spark/months",
        ("column", 'F.date_trunc("month", "date")', 'F.date_trunc("month", "day")'),
        (
            "group by",
            'weather.groupBy("month").agg(',
            'weather.groupBy("month").agg(F.col("wind"), ',
        ),
        ("function", "F.lag(", "F.previous("),
        ("column", "temp_max", "tempmax"),
        ("type", 'F.round(F.col("rain") - F.col("before"), 1)', 'F.col("rain") - F.col("month")'),
        ("window", 'F.lag("rain", 1).over(order)', 'F.lag("rain", 1)'),
        (
            "import",
            "from pyspark.sql import SparkSession, Window",
            "from pyspark.sql import SparkSession",
        ),
        ("argument", "by_month(load(spark))", "by_month(load(spark), 2)"),
        ("column", '"span", "days").write', '"span", "day").write'),
    ),
    *_of(
        "spark/declared",
        ("schema", 'T.StructField("wind", T.DoubleType())', 'T.StructField("wind", T.DateType())'),
        ("schema", '        T.StructField("weather", T.StringType()),\n', ""),
        ("union", 'F.col(column).alias("value"))', "F.col(column).alias(label))"),
        ("type", 'F.year("date")', 'F.year("value")'),
        ("function", "T.DateType()", "T.Date()"),
        ("returns none", ".unionByName(hot)", ".unionByName(hot)\n    answer = answer.show()"),
        ("name", 'extreme(days, "wind"', 'extrem(days, "wind"'),
    ),
    *_of(
        "spark/grades",
        ("function body", "LIMITS.items()", "LIMIT.items()"),
        ("function body", "text.strip()", "text.stripped()"),
        ("type", 'F.udf(grade, StringType())("wind")', 'F.udf(grade, StringType())("weather")'),
        ("column", '("weather"))\ncounts', '("sky"))\ncounts'),
        (
            "type",
            'F.udf(letters, IntegerType())("weather")',
            'F.udf(letters, IntegerType())("wind")',
        ),
    ),
    *_of(
        "spark/strikes",
        ("type", '~F.col("at_night")', '~F.col("speed")'),
        ("type", 'F.quarter("flight_date")', 'F.quarter("at_night")'),
        ("column", 'F.split("species", " ")', 'F.split("wildlife_species", " ")'),
        ("type", '.otherwise(F.lit(0)).alias("costly")', '.otherwise(F.array()).alias("costly")'),
        ("column", 'on="wildlife_size"', 'on="size"'),
        ("argument", 'how="left"', 'how="leftish"'),
        ("format", "spark.read.parquet(STRIKES)", "spark.read.csv(STRIKES, header=True)"),
        ("path", '"file:///data/strikes.parquet"', '"file:///data/strikes/part-*.parquet"'),
    ),
    *_of(
        "spark/days",
        ("column", '"temp.max", "temp.min"', '"temp.high", "temp.min"'),
        ("type", 'explode(array("temp.max", "temp.min"))', 'explode("wind")'),
        ("type", 'array("temp.max", "temp.min")', 'array("temp", "weather")'),
        ("name", "import array, avg, col,", "import array, avg,"),
    ),
]

RAY = [
    *_of(
        "ray/sizes",
        ("column", 'row["Cost Repair"]', 'row["Repair Cost"]'),
        ("column", 'row["Wildlife Size"]', 'row["Size"]'),
        ("column", 'groupby("size")', 'groupby("wildlife_size")'),
        ("column", '.sum("cost")', '.sum("costs")'),
        ("column", '"sum(cost)"', '"cost_sum"'),
        ("method", ".strip().lower()", ".strip().lowercase()"),
        ("type", "float(cost or 0)", 'float(row["Wildlife Size"])'),
        ("method", ".write_parquet(", ".to_parquet("),
        ("path", "birdstrikes.csv", "bird-strikes.csv"),
    ),
    *_of(
        "ray/pandas_batches",
        ("column", 'batch["temp_max"]', 'batch["max_temp"]'),
        ("method", ".dt.month", ".dt.months"),
        (
            "argument",
            'map_batches(add_month, batch_format="pandas")',
            'map_batches(add_month, format="pandas")',
        ),
        ("column", '"span", "weather"]]', '"range", "weather"]]'),
        ("type", 'batch["date"].dt.month', 'batch["weather"].dt.month'),
        ("name", 'pd.DataFrame({"month"', 'DataFrame({"month"'),
    ),
    *_of(
        "ray/arrow_tasks",
        ("column", '["iata", "city", "state"]', '["code", "city", "state"]'),
        ("function", "pc.divide(", "pc.div("),
        ("column", 'table["count_sum"]', 'table["sum_count"]'),
        ("type", '("count", "sum")', '("origin", "sum")'),
        ("call", "joined.remote(flights, airports)", "joined(flights, airports)"),
        ("column", '"count_sum_sum"', '"flights"'),
        ("argument", 'right_keys="iata"', 'on="iata"'),
        (
            "call",
            "table = ray.get(joined.remote(flights, airports))",
            "table = joined.remote(flights, airports)",
        ),
    ),
    *_of(
        "ray/counter",
        ("column", 'int(row["Cost Total $"] or 0)', 'int(row["Cost Total"] or 0)'),
        ("type", 'row["Cost Total $"] or 0', 'row["Wildlife Size"] or 0'),
        ("method", "most_common(most)", "commonest(most)"),
        ("method", "totals.result.remote(10)", "totals.results.remote(10)"),
        ("call", "totals.result.remote(10)", "totals.result.remote()"),
        ("import", "from collections import Counter\n", ""),
    ),
    *_of(
        "ray/aggregates",
        ("column", '"speed", "flight_date"]', '"speed_knots", "flight_date"]'),
        ("column", 'Mean("speed")', 'Mean("velocity")'),
        ("import", "import Count, Max, Mean, Sum", "import Count, Max, Avg as Mean, Sum"),
        ("format", "read_parquet(STRIKES, columns", "read_orc(STRIKES, columns"),
    ),
    *_of(
        "ray/days",
        ("column", 'row["temp"]["min"]', 'row["temp"]["low"]'),
        ("column", 'batch["wind"] * 3.6', 'batch["wind_speed"] * 3.6'),
        ("function", "math.fsum(", "math.total("),
        ("argument", "fn_constructor_args=(4.8,)", "fn_constructor_args=(4.8, 2)"),
    ),
    *_of(
        "ray/merged",
        ("column", 'left_on="origin"', 'left_on="start"'),
        ("column", '["latitude", "longitude"]', '["lat", "lon"]'),
    ),
]
FAULTS = SPARK + RAY
