"""Functions of the engines that have words of their own."""

AGGREGATES = {
    "sum": "sum of",
    "Sum": "sum of",
    "sum_distinct": "sum of the different",
    "avg": "average of",
    "mean": "average of",
    "Mean": "average of",
    "min": "minimum of",
    "Min": "minimum of",
    "max": "maximum of",
    "Max": "maximum of",
    "count": "number of values of",
    "Count": "number of values of",
    "count_if": "number of rows where",
    "countDistinct": "number of different",
    "count_distinct": "number of different",
    "nunique": "number of different",
    "approx_count_distinct": "estimated number of different",
    "approxCountDistinct": "estimated number of different",
    "median": "median of",
    "percentile": "percentile of",
    "percentile_approx": "estimated percentile of",
    "approx_percentile": "estimated percentile of",
    "stddev": "standard deviation of",
    "std": "standard deviation of",
    "Std": "standard deviation of",
    "stddev_pop": "standard deviation (of all) of",
    "variance": "variance of",
    "var": "variance of",
    "corr": "correlation of",
    "first": "first",
    "last": "last",
    "collect_list": "list of",
    "collect_set": "list of the different",
    "array_agg": "list of",
    "size": "number of rows of",
    "Quantile": "quantile of",
    "AbsMax": "largest absolute value of",
    "hash_sum": "sum of",
}

GENERIC_NAMESPACES = (
    "pyspark.sql.functions.",
    "pyarrow.compute.",
    "ray.data.aggregate.",
    "pandas.",
    "numpy.",
    "math.",
    "builtins.",
)
"""Functions of these stand in a sentence by their last name."""

ELEMENTS = {"explode", "explode_outer", "posexplode", "posexplode_outer", "inline"}
"""One row becomes one row for each element."""

FORMAT_FIRST = {"date_trunc", "date_part", "format_string"}
"""Functions whose first argument is no column."""

RANKS = {"row_number", "rank", "dense_rank", "percent_rank", "ntile", "cume_dist"}

TESTS = {
    "isNull": "{0} is missing",
    "isNotNull": "{0} is not missing",
    "isna": "{0} is missing",
    "isnull": "{0} is missing",
    "notna": "{0} is not missing",
    "notnull": "{0} is not missing",
    "is_null": "{0} is missing",
    "is_valid": "{0} is not missing",
    "isnan": "{0} is not a number",
    "contains": "{0} contains {1}",
    "startswith": "{0} starts with {1}",
    "startsWith": "{0} starts with {1}",
    "endswith": "{0} ends with {1}",
    "like": "{0} is like {1}",
    "ilike": "{0} is like {1}, whatever the case",
    "rlike": "{0} matches {1}",
    "between": "{0} is from {1} to {2}",
    "eqNullSafe": "{0} is {1}, or both are missing",
    "equal": "{0} is {1}",
    "not_equal": "{0} is not {1}",
    "greater": "{0} > {1}",
    "greater_equal": "{0} >= {1}",
    "less": "{0} < {1}",
    "less_equal": "{0} <= {1}",
}
"""Methods and functions that ask something of a column."""

CASTS = {"cast", "astype", "try_cast"}
RENAMES = {"alias", "name"}
DIRECTIONS = {
    "asc": "",
    "asc_nulls_first": "",
    "asc_nulls_last": "",
    "desc": " from high to low",
    "desc_nulls_first": " from high to low",
    "desc_nulls_last": " from high to low",
}
