"""Whether the first record of a delimited file names columns or is a record of data."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from arclight.catalog.bad_upload import BadUpload
from arclight.catalog.infer import MOSTLY, could_stand_in, is_value
from arclight.catalog.number_text import is_number_text
from arclight.catalog.profile import ColumnProfile, ColumnType

MAX_COLUMNS = 2_000
"""A profile holds up to 200 values per column and must stay a record of a few MB."""


def check_header(header: Sequence[str], columns: Sequence[ColumnProfile]) -> None:
    """Raises BadUpload unless `header` can name the columns that the rows below it make."""
    if is_data(header, columns):
        raise BadUpload(
            "CSV_NO_HEADER",
            f"The first line looks like data, not like column names: {_show(header)}.",
            "Put one line with the names of the columns on top of the file.",
            first_line=list(header[:20]),
        )
    check_names("CSV", header)


def check_names(prefix: str, names: Sequence[str]) -> None:
    """Raises BadUpload for blank, repeated, no or too many column names."""
    if not names:
        raise BadUpload(
            f"{prefix}_NO_COLUMNS", "The table has no columns.", "Write the table with its columns."
        )
    if len(names) > MAX_COLUMNS:
        raise BadUpload(
            f"{prefix}_TOO_MANY_COLUMNS",
            f"The file has {len(names):,} columns; {MAX_COLUMNS:,} are allowed.",
            "Keep the columns that the question is about.",
            columns=len(names),
        )
    blank = [i for i, name in enumerate(names, 1) if not name.strip()]
    if blank:
        raise BadUpload(
            f"{prefix}_BLANK_COLUMN",
            f"Column {blank[0]} has no name.",
            "Give every column a name.",
            positions=list(blank[:20]),
        )
    _check_duplicates(prefix, names)


def _check_duplicates(prefix: str, names: Sequence[str]) -> None:
    folded = Counter(n.strip().casefold() for n in names)
    repeated = [n for n in names if folded[n.strip().casefold()] > 1]
    if not repeated:
        return
    case = len(set(repeated)) > len({n.strip().casefold() for n in repeated})
    why = " Spark does not tell names apart that differ in case or blanks only." if case else ""
    raise BadUpload(
        f"{prefix}_DUPLICATE_COLUMNS",
        f"Column names occur more than once: {_show(repeated)}.{why}",
        "Give every column a name of its own.",
        columns=list(repeated[:20]),
    )


def is_data(header: Sequence[str], columns: Sequence[ColumnProfile]) -> bool:
    """True when the first record has the form of the records below it."""
    cells = [c for c in header if c.strip()]
    if cells and all(map(is_value, cells)):
        return True
    formed = [(c, p) for c, p in zip(header, columns, strict=True) if _has_form(p)]
    if formed:
        alike = all(could_stand_in(p, c) for c, p in formed)
        return alike and not _years_as_names(formed)
    # Only text: a name hardly ever stands as a value in its own column, values often do.
    again = sum(c in p.values for c, p in zip(header, columns, strict=True) if c.strip())
    return again > 0 and len(cells) <= 2 * again


def _has_form(column: ColumnProfile) -> bool:
    return column.type is not ColumnType.STRING or column.numeric_text >= MOSTLY


def _years_as_names(formed: Sequence[tuple[str, ColumnProfile]]) -> bool:
    """`country,2019,2020,2021` above values that are no years."""
    cells = [c for c, _ in formed]
    if len(cells) < 2 or not all(c.isdecimal() and 1800 <= int(c) <= 2200 for c in cells):
        return False
    years = [int(c) for c in cells]
    steps = {b - a for a, b in pairwise(years)}
    below = [v for _, p in formed for v in p.values if is_number_text(str(v))]
    of_years = sum(isinstance(v, int) and 1800 <= v <= 2200 for v in below)
    return len(steps) == 1 and 0 not in steps and of_years * 2 < len(below)


def _show(names: Sequence[str]) -> str:
    shown = ", ".join(repr(n[:40]) for n in dict.fromkeys(names[:6]))
    return shown + (", …" if len(names) > 6 else "")
