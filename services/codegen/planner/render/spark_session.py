"""The statement that starts Spark, with what the program must tell its session."""

from collections.abc import Sequence

from services.codegen.planner.render.layout import WIDTH, Text, statement
from services.codegen.planner.render.text import quote

SPARING = (
    ("spark.sql.autoBroadcastJoinThreshold", "-1"),
    ("spark.sql.shuffle.partitions", "64"),
    ("spark.sql.files.maxPartitionBytes", "16m"),
)
"""For little memory: no side of a join is sent whole to every task, and tasks hold an eighth of
what they hold by default."""


def session(app: str, settings: Sequence[tuple[str, str]]) -> list[str]:
    """Lines of main(). `app` is code; values are texts."""
    if not settings:
        return statement("spark = ", Text(f"SparkSession.builder.appName({app}).getOrCreate()"))
    return [
        "    spark = (",
        f"        SparkSession.builder.appName({app})",
        *(line for pair in settings for line in _config(*pair)),
        "        .getOrCreate()",
        "    )",
    ]


def _config(key: str, value: str) -> list[str]:
    given = f"{quote(key)}, {quote(value)}"
    line = f"        .config({given})"
    return (
        [line] if len(line) <= WIDTH else ["        .config(", f"            {given}", "        )"]
    )
