"""Which strategies know which failure and which finding, in the order in which they are tried."""

from collections.abc import Iterator, Mapping

from arclight.contracts.failure import FailureKind
from arclight.contracts.finding import Finding
from services.codegen.mend import (
    arithmetic,
    casts,
    cells,
    columns,
    fixes,
    groups,
    joins,
    logic,
    names,
    output,
    places,
    rays,
    session,
    spelling,
)
from services.codegen.mend.change import Case, Change, ForFailure, ForFinding

BY_FAILURE: Mapping[str, tuple[ForFailure, ...]] = {
    "UNRESOLVED_COLUMN": (columns.unresolved,),
    "KEY_ERROR": (columns.missing_key,),
    "ATTRIBUTE_NOT_SUPPORTED": (spelling.attribute,),
    "ATTRIBUTE_ERROR": (rays.plain_function, rays.not_fetched, spelling.attribute),
    "AMBIGUOUS_REFERENCE": (joins.ambiguous,),
    "AMBIGUOUS_COLUMN_REFERENCE": (joins.ambiguous,),
    "MISSING_GROUP_BY": (groups.missing_group,),
    "MISSING_AGGREGATION": (groups.missing_group,),
    "BAD_VALUE": (casts.bad_cast, casts.bad_date, casts.malformed, cells.bad_cell),
    "DIVIDE_BY_ZERO": (arithmetic.by_zero,),
    "REMAINDER_BY_ZERO": (arithmetic.by_zero,),
    "ARITHMETIC_OVERFLOW": (arithmetic.overflow,),
    "BINARY_ARITHMETIC_OVERFLOW": (arithmetic.overflow,),
    "CAST_OVERFLOW": (arithmetic.overflow,),
    "PATH_NOT_FOUND": (places.missing_path,),
    "FILE_NOT_FOUND_ERROR": (places.missing_path,),
    "TABLE_OR_VIEW_NOT_FOUND": (places.missing_table,),
    "PATH_ALREADY_EXISTS": (places.exists,),
    "NAME_ERROR": (names.unknown_name,),
    "MODULE_NOT_FOUND_ERROR": (names.unknown_module,),
    "IMPORT_ERROR": (names.unknown_member,),
    "TYPE_ERROR": (
        rays.direct_call,
        rays.not_fetched,
        spelling.keyword,
        spelling.method_of_column,
        spelling.shadowed,
    ),
    "NOT_CALLABLE": (spelling.method_of_column,),
    "NOT_ITERABLE": (spelling.shadowed,),
    "NOT_COLUMN_OR_STR": (spelling.shadowed,),
    "NOT_EXPECTED_TYPE": (spelling.shadowed,),
    "PY_SPARK_TYPE_ERROR": (spelling.shadowed,),
    "CANNOT_CONVERT_COLUMN_INTO_BOOL": (logic.column_as_bool,),
    "UNRESOLVED_ROUTINE": (spelling.routine,),
    "PARSE_SYNTAX_ERROR": (spelling.sql_word,),
    "NO_ANSWER": (output.not_written,),
    "OUT_OF_MEMORY": (session.memory, rays.smaller_batches),
    "WORKER_DIED": (rays.smaller_batches,),
    "ENGINE_ERROR": (session.metastore,),
    "RUNTIME_ERROR": (rays.init_running,),
    "CONNECTION_ERROR": (rays.address,),
}
"""Codes as the classifiers of the executors give them."""

BY_FINDING: Mapping[str, tuple[ForFinding, ...]] = {
    "COL003": (joins.ambiguous_before,),
    "ARC004": (output.no_output,),
    "ARC005": (fixes.other_framework,),
    "ARC006": (fixes.nothing_runs,),
    "SPK001": (session.no_session,),
    "SPK003": (session.fixed_place,),
    "SPK008": (logic.truth_of_column,),
    "RAY001": (rays.no_import,),
    "RAY002": (rays.init_again,),
    "RAY003": (rays.called_directly,),
    "RAY004": (rays.not_remote,),
    "RAY006": (rays.cluster,),
    "PRV001": (places.none_read,),
    "PRV002": (places.undeclared,),
    "SEC001": (fixes.unknown_module,),
}
"""Codes of the validator's rules."""


def for_failure(case: Case) -> Iterator[Change]:
    """Changes for what stopped the run, then the fixes that the validator gave for its line."""
    for strategy in BY_FAILURE.get(case.failure.code, ()):
        yield from strategy(case)
    if case.failure.kind in (FailureKind.CODE, FailureKind.DATA):
        for finding in case.findings:
            if case.failure.line in (None, finding.line):
                yield from for_finding(case, finding)


def for_finding(case: Case, finding: Finding) -> Iterator[Change]:
    """Changes for what the validator said, its own fix first."""
    yield from fixes.fix(case, finding)
    for strategy in BY_FINDING.get(finding.code, ()):
        yield from strategy(case, finding)
    yield from fixes.candidate(case, finding)
