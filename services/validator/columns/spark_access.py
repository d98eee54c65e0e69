"""Spark: what stands behind `frame.name` and `frame["name"]`."""

import ast

from services.validator.analysis.words import words
from services.validator.columns.calls import Call, names_list
from services.validator.columns.check import check_refs, lookup
from services.validator.columns.miss import Miss, Ref, Style
from services.validator.columns.schema import Column
from services.validator.columns.spark_columns import exprs
from services.validator.columns.spark_names import split_name
from services.validator.columns.spark_project import project
from services.validator.columns.values import (
    UNKNOWN,
    Bound,
    Const,
    Expr,
    Frame,
    Seq,
    Text,
    Value,
    Writer,
    content,
)

ATTRIBUTES = words(
    """
    agg alias approxQuantile asTable cache checkpoint coalesce colRegex collect columns corr count
    cov createGlobalTempView createOrReplaceGlobalTempView createOrReplaceTempView createTempView
    crossJoin crosstab cube describe distinct drop dropDuplicates dropDuplicatesWithinWatermark
    drop_duplicates dropna dtypes exceptAll executionInfo exists explain fillna filter first foreach
    foreachPartition freqItems groupBy groupby groupingSets head hint inputFiles intersect
    intersectAll isEmpty isLocal isStreaming join lateralJoin limit localCheckpoint mapInArrow
    mapInPandas melt mergeInto metadataColumn na nearestByJoin observe offset orderBy pandas_api
    persist plot printSchema randomSplit rdd registerTempTable repartition repartitionById
    repartitionByRange replace rollup sameSemantics sample sampleBy scalar schema select selectExpr
    semanticHash show sort sortWithinPartitions sparkSession sql_ctx stat storageLevel subtract
    summary tail take to toArrow toDF toJSON toLocalIterator toPandas transform transpose union
    unionAll unionByName unpersist unpivot where withColumn withColumnRenamed withColumns
    withColumnsRenamed withMetadata withWatermark write writeStream writeTo zip zipWithIndex
    toKoalas to_koalas to_pandas_on_spark mapInPandas
    """
)
"""Everything that a DataFrame has of its own: any other attribute is a column."""


def attribute(call: Call, on: Frame, node: ast.Attribute, *, called: bool) -> Value:
    """`frame.name`: a property, a method, or a column."""
    name = node.attr
    if name == "columns":
        return names_list(on.schema)
    if name in ("write", "writeStream"):
        return Writer(on)
    if name in ("na", "stat"):
        return on
    if name in ATTRIBUTES:
        return Bound(on, name)
    if called or name.startswith("_"):
        return UNKNOWN  # A method of an extension: a column cannot be called.
    return own_column(call, on, Ref((name,), node, Style.ATTRIBUTE))


def own_column(call: Call, on: Frame, ref: Ref) -> Expr:
    """`frame.name` or `frame["name"]`."""
    found = lookup(on.schema, ref) if on.schema is not None else None
    if isinstance(found, Miss):
        call.missing(found)
    column = found if isinstance(found, Column) else None
    kind = column.kind if column is not None else None
    return Expr((), (ref.parts[-1],), kind=kind, column=column)


def subscript(call: Call, on: Frame, key: Value) -> Value:
    """`frame["name"]`, `frame[["a", "b"]]`, `frame[condition]`."""
    if isinstance(key, Text):
        parts = split_name(key.text)
        if parts is None or key.text == "*":
            return Expr(guessed=True, star=("?",))
        return own_column(call, on, Ref(parts, key.node or call.node, Style.SPARK, key.node))
    if isinstance(key, Expr):
        check_refs(call, on, key.refs, above=True)
        return on
    inner = content(key)
    if isinstance(inner, Seq) and inner.items is not None:
        return project(call, on, exprs(call, inner.items), ())
    return Expr(guessed=True, star=("?",)) if isinstance(key, Const) else UNKNOWN
