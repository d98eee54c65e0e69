# mypy: ignore-errors
"""An honest job that writes down everything that its engine shows it."""

import sys

from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
seen = [f"database {d.name}" for d in spark.catalog.listDatabases()]
for database in ("default", "global_temp", *(d.name for d in spark.catalog.listDatabases())):
    try:
        seen += [f"table {t}" for t in spark.catalog.listTables(database)]
    except Exception as error:
        seen.append(type(error).__name__)
seen += [f"setting {row.key}={row.value}" for row in spark.sql("SET").collect()]
spark.createDataFrame([(line,) for line in seen], "line string").write.parquet(sys.argv[2])
