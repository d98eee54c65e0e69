"""Spark's error conditions as data: whose fault they are, and what helps."""

from collections.abc import Mapping

DATA: Mapping[str, str] = {
    "DIVIDE_BY_ZERO": "A division by zero occurred.",
    "REMAINDER_BY_ZERO": "A remainder by zero was taken.",
    "ARITHMETIC_OVERFLOW": "A number became too large for its type.",
    "CAST_OVERFLOW": "A number is too large for the type it is converted to.",
    "CAST_OVERFLOW_IN_TABLE_INSERT": "A number is too large for the type it is stored as.",
    "NUMERIC_VALUE_OUT_OF_RANGE": "A number does not fit into its decimal type.",
    "BINARY_ARITHMETIC_OVERFLOW": "A number became too large for its type.",
    "INVALID_ARRAY_INDEX": "A list is shorter than the element that is asked of it.",
    "INVALID_ARRAY_INDEX_IN_ELEMENT_AT": "A list is shorter than the element that is asked of it.",
    "INVALID_FRACTION_OF_SECOND": "A time has more than 59 seconds.",
    "DATETIME_OVERFLOW": "A date lies outside the range that Spark can hold.",
    "INCONSISTENT_BEHAVIOR_CROSS_VERSION": "A date can be read in two ways.",
    "NOT_NULL_ASSERT_VIOLATION": "A column that must be filled has missing values.",
    "NULL_MAP_KEY": "A missing value cannot be the key of a map.",
    "DUPLICATED_MAP_KEY": "A map has the same key twice.",
    "SCALAR_SUBQUERY_TOO_MANY_ROWS": "A subquery that must give one row gave more.",
    "FAILED_READ_FILE": "A source file cannot be read as what the program takes it for.",
    "UNABLE_TO_INFER_SCHEMA": "The source is empty, so its columns cannot be read off it.",
    "MALFORMED_CSV_RECORD": "A row has more or fewer cells than the header.",
}
"""Conditions that the data causes, each with its sentence; all others are the program's fault."""

WRAPPERS = frozenset(
    {"FAILED_READ_FILE", "TASK_WRITE_FAILED", "FAILED_EXECUTE_UDF", "WRITING_JOB_ABORTED"}
)
"""Conditions that only say where another one happened, if another one is known."""

HINTS: Mapping[str, str] = {
    "DIVIDE_BY_ZERO": "Leave out rows whose divisor is 0, or use try_divide.",
    "REMAINDER_BY_ZERO": "Leave out rows whose divisor is 0, or use try_mod.",
    "ARITHMETIC_OVERFLOW": "Compute in a larger type: bigint, double or decimal.",
    "CAST_OVERFLOW": "Convert to a larger type: bigint, double or decimal.",
    "NUMERIC_VALUE_OUT_OF_RANGE": "Use a decimal with more digits, or double.",
    "INVALID_ARRAY_INDEX": "Use get or try_element_at, which give null instead.",
    "MALFORMED_RECORD_IN_PARSING": "Read the column as text and clean it before converting.",
    "FAILED_READ_FILE": "Check the format, and that the file is complete.",
    "UNRESOLVED_COLUMN": "Use one of the columns that the data has.",
    "TABLE_OR_VIEW_NOT_FOUND": "Read the declared sources by their addresses, or register a view.",
    "AMBIGUOUS_REFERENCE": "Give the sides of the join aliases, and name the side.",
    "DATATYPE_MISMATCH": "Convert the column to the type that the function takes.",
    "MISSING_GROUP_BY": "Group by the columns that stand beside the aggregate.",
    "MISSING_AGGREGATION": "Group by the column, or aggregate it.",
    "PARSE_SYNTAX_ERROR": "Mend the SQL text.",
    "UNRESOLVED_ROUTINE": "Use a function that Spark has.",
    "PATH_NOT_FOUND": "Read only the declared sources, by the addresses they were given with.",
    "PATH_ALREADY_EXISTS": "Write with mode('overwrite').",
}
