from argparse import ArgumentParser

from pyspark.sql import SparkSession

QUERY = """
    WITH busy AS (
        SELECT origin, sum(count) AS flights, count(*) AS routes
        FROM flights
        GROUP BY origin
        HAVING sum(count) > 1000
    )
    SELECT a.state, a.city, b.flights, round(b.flights / b.routes, 2) AS per_route,
           rank() OVER (PARTITION BY a.state ORDER BY b.flights DESC) AS place
    FROM busy b JOIN airports a ON a.iata = b.origin
    WHERE a.country = 'USA' AND upper(a.city) LIKE '%A%'
    ORDER BY b.flights DESC
"""


def main():
    parser = ArgumentParser()
    parser.add_argument("--output", default="output")
    output = parser.parse_args().output
    spark = SparkSession.builder.appName("views").getOrCreate()
    for name, uri in {
        "flights": "file:///data/flights-airport.csv",
        "airports": "file:///data/airports.csv",
    }.items():
        spark.read.csv(uri, header=True, inferSchema=True).createOrReplaceTempView(name)
    answer = spark.sql(QUERY)
    answer.show(5)
    answer.write.mode("overwrite").parquet(output)


main()
