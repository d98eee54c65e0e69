"""What each recorded failure must become: (recording, kind, code, line, details it must have)."""

from typing import Any

from arclight.contracts.failure import FailureKind as K

Case = tuple[str, K, str, int | None, dict[str, Any]]

SPARK: tuple[Case, ...] = (
    ("column", K.CODE, "UNRESOLVED_COLUMN", 53,
     {"objectName": "amuont", "proposal": "amount, name", "sql_state": "42703"}),
    ("table_not_found", K.CODE, "TABLE_OR_VIEW_NOT_FOUND", 21, {"relationName": "sales"}),
    ("path_not_found", K.CODE, "PATH_NOT_FOUND", 22, {"path": "file:/data/none.csv"}),
    ("path_exists", K.CODE, "PATH_ALREADY_EXISTS", 24, {}),
    ("ambiguous", K.CODE, "AMBIGUOUS_REFERENCE", 27, {"name": "amount"}),
    ("datatype_mismatch", K.CODE, "DATATYPE_MISMATCH", 29, {"inputType": "STRING"}),
    ("missing_group_by", K.CODE, "MISSING_GROUP_BY", 30, {}),
    ("parse_error", K.CODE, "PARSE_SYNTAX_ERROR", 31, {}),
    ("routine", K.CODE, "UNRESOLVED_ROUTINE", 32, {"routineName": "nofunc"}),
    ("cast", K.DATA, "BAD_VALUE", 51,
     {"value": "n/a", "column": "amount", "target_type": "INT",
      "expression": 'F.sum(F.col("amount").cast("int")).alias("total")',
      "condition": "CAST_INVALID_INPUT"}),
    ("cast_date", K.DATA, "BAD_VALUE", 36, {"value": "a", "column": "name"}),
    ("write_cast", K.DATA, "BAD_VALUE", 55, {"value": "n/a", "column": "amount"}),
    ("to_date", K.DATA, "BAD_VALUE", 37, {"value": "1"}),
    ("malformed_csv", K.DATA, "BAD_VALUE", 34, {"value": "n/a", "record": "[b,null]"}),
    ("divide_by_zero", K.DATA, "DIVIDE_BY_ZERO", 26, {"column": "zero"}),
    ("overflow", K.DATA, "ARITHMETIC_OVERFLOW", 47, {}),
    ("infer", K.DATA, "FAILED_READ_FILE", 46, {}),
    ("udf_value", K.DATA, "BAD_VALUE", 40, {"value": "n/a"}),
    ("udf_code", K.CODE, "ATTRIBUTE_ERROR", 44, {}),
    ("python_name", K.CODE, "NAME_ERROR", 48, {"name": "undefined_name"}),
    ("python_ints", K.DATA, "BAD_VALUE", 49, {"value": "n/a"}),
    ("restricted", K.POLICY, "FORBIDDEN_FEATURE", 35, {}),
    ("jvm_killed", K.INFRASTRUCTURE, "ENGINE_LOST", 58, {}),
)  # fmt: skip

RAY: tuple[Case, ...] = (
    ("dataset_cell", K.DATA, "BAD_VALUE", 69,
     {"value": "1,234", "column_number": 1, "row": 3, "target_type": "int64"}),
    ("dataset_ragged", K.DATA, "MALFORMED_RECORD", 73, {"record": "1,2,3", "row": 3}),
    ("batch_arrow_cast", K.DATA, "BAD_VALUE", 53, {"value": "1,234", "target_type": "int64"}),
    ("batch_pandas", K.DATA, "BAD_VALUE", 43, {"value": "1,234"}),
    ("batch_to_numeric", K.DATA, "BAD_VALUE", 48, {"value": "1,234"}),
    ("map_value", K.DATA, "BAD_VALUE", 40, {"value": "1,234"}),
    ("csv_convert", K.DATA, "CSV_UNREADABLE", 35, {"path": "/data/bad2.csv"}),
    ("csv_ragged", K.DATA, "CSV_UNREADABLE", 38, {}),
    ("task_value", K.DATA, "BAD_VALUE", 22, {"value": "n/a"}),
    ("task_zero", K.DATA, "DIVIDE_BY_ZERO", 19, {}),
    ("task_name", K.CODE, "NAME_ERROR", 29, {}),
    ("map_key", K.CODE, "KEY_ERROR", 41, {"key": "amuont"}),
    ("actor_key", K.CODE, "KEY_ERROR", 61, {}),
    ("sum_missing", K.CODE, "UNRESOLVED_COLUMN", 56,
     {"objectName": "amuont", "proposal": "name, amount"}),
    ("group_missing", K.CODE, "UNRESOLVED_COLUMN", 57,
     {"objectName": "nme", "proposal": "name, amount"}),
    ("sum_string", K.CODE, "ARROW_NOT_IMPLEMENTED_ERROR", 55, {}),
    ("missing_file", K.CODE, "FILE_NOT_FOUND_ERROR", 58, {}),
    ("task_died", K.RESOURCE, "WORKER_DIED", 33, {}),
)  # fmt: skip
