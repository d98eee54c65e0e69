"""The methods of tables, and the words for each."""

from collections.abc import Callable

from services.validator.analysis.words import words
from services.validator.explain import columns, groups, joins, rows
from services.validator.explain.asked import Asked
from services.validator.explain.tables import APPLYING, GROUPING

Tells = Callable[[Asked], str]

SILENT = (
    words(
        "cache persist unpersist checkpoint localCheckpoint repartition repartitionByRange "
        "coalesce alias hint materialize copy reset_index set_index combine_chunks rdd pivot "
        "streaming_split random_shuffle_each_window options option unify_dictionaries na explain "
        "printSchema schema columns dtypes count_rows isEmpty stats num_blocks to_table "
        "withWatermark observe as_py to_arrow_refs to_numpy_refs keys items values to_batches "
        "empty_table"
    )
    | GROUPING
)
"""They change nothing of the answer, or another call tells it."""

_OF_METHODS: dict[Tells, str] = {
    rows.keeps: "filter where query",
    rows.sorts: "orderBy sort sort_values sort_by sortWithinPartitions",
    rows.limits: "limit head tail take",
    rows.slices: "slice",
    rows.largest: "nlargest nsmallest",
    rows.distinct: "distinct dropDuplicates drop_duplicates",
    rows.drops_missing: "dropna drop_null",
    rows.fills_missing: "fillna fill",
    rows.samples: "sample sampleBy random_sample",
    rows.describes: "describe summary",
    rows.shuffles: "random_shuffle randomSplit",
    columns.takes: "select selectExpr select_columns",
    columns.computes: "withColumn add_column with_column append_column",
    columns.replaces: "set_column",
    columns.computes_many: "withColumns assign",
    columns.casts: "cast astype",
    columns.leaves_out: "drop drop_columns",
    columns.renames: "withColumnRenamed withColumnsRenamed rename rename_columns toDF",
    groups.aggregates: "agg aggregate",
    groups.measures: " ".join(groups.MEASURES),
    joins.joins: "join crossJoin merge",
    joins.sets: " ".join(joins.SETS),
}
TELLS: dict[str, Tells] = {
    name: tells for tells, names in _OF_METHODS.items() for name in names.split()
}

VIEWS = words(
    "createOrReplaceTempView createTempView createGlobalTempView createOrReplaceGlobalTempView "
    "registerTempTable"
)
BRINGS = words("collect toPandas to_pandas take_all toLocalIterator to_pylist to_pydict")
"""They hand rows to the program's own process."""
GOES_THROUGH = words("iter_batches iter_rows iterrows itertuples foreach foreachPartition")
APPLIES = frozenset(APPLYING) | words(
    "map flatMap flat_map mapPartitions mapInPandas mapInArrow reduceByKey foldByKey mapValues "
    "applymap reduce aggregateByKey combineByKey"
)
_TO_WHAT = {
    "map_batches": "each batch of rows",
    "map_groups": "each group",
    "applyInPandas": "each group",
    "mapPartitions": "each partition",
    "mapInPandas": "each batch of rows",
    "mapInArrow": "each batch of rows",
    "transform": "the table",
    "pipe": "the table",
    "reduceByKey": "the values of each key",
    "foldByKey": "the values of each key",
    "mapValues": "the value of each key",
}


def applied_to(attr: str) -> str:
    """What a function is applied to by this method."""
    return _TO_WHAT.get(attr, "each row")
