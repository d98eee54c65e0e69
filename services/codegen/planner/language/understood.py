"""What a question names and no table has: a reading of the rest would answer another question."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from arclight.catalog.profile import TableProfile
from services.codegen.planner.language.choose import Reading
from services.codegen.planner.language.left import Left
from services.codegen.planner.language.lost import PEOPLE
from services.codegen.planner.language.query import columns_in, grouped
from services.codegen.planner.language.segments import Segment
from services.codegen.planner.words import Kind

_REST = r"""[^\s'"`(),;<>]"""
_PLACE = re.compile(
    rf"""
    \w[\w+.-]*:/{{2,3}}{_REST}*              # s3://bucket/key
  | \b(?:jdbc|file|data):{_REST}+
  | [\w.-]*/\.{{1,2}}/{_REST}*               # a/../b
  | (?<![\w)\]])~?/[\w.-]{_REST}*           # /etc/hosts, ~/.ssh
  | (?<![\w.])\.{{1,2}}/{_REST}+             # ../x
  | \b[A-Za-z]:\\{_REST}+                   # C:\x
  | (?<![\w.])[a-z_]\w+(?:\.[a-z_]\w+)+    # schema.table, payroll.csv
  | (?<![\w.])[^\W\d_]+(?:_\w+)+           # SOME_SETTING
    """,
    re.VERBOSE,
)
_ADDRESSED = frozenset({"you", "your", "yourself", "yours"})


def unknown_place(best: Reading, text: str, tables: Sequence[TableProfile]) -> str:
    """A path, an address, a file or a dotted name in the question that stands for nothing here.

    `count the rows of /etc/shadow`. Text in quotes that a column is compared with is no place.
    """
    lost = [*_lost(best)]
    for match in _PLACE.finditer(text):
        place = match.group().rstrip(".,:!?]}")
        here = any(start < match.end() and match.start() < end for start, end in lost)
        if here and not any(_names(place, t) for t in tables):
            return place
    return ""


def _names(place: str, table: TableProfile) -> bool:
    """`orders.csv` is a name of the source `orders`, and so is the end of its address."""
    file = place.rpartition(".")[0].casefold()
    return table.name.casefold() in (place.casefold(), file) or table.uri.endswith(place)


def _lost(best: Reading) -> Iterator[tuple[int, int]]:
    """Where the words stand that name nothing: not understood, or taken for an unseen value."""
    unplaced = set(best.reader.unplaced)
    for s in best.reader.segments:
        for token in s.tokens:
            quoted = token.kind is Kind.QUOTED
            if token.text in unplaced or (not quoted and _bare(s)):
                yield token.start, token.end


def _bare(s: Segment) -> bool:
    words = all(t.kind is Kind.WORD for t in s.tokens)
    seen = any(v.sampled for v in s.values)
    return words and not (seen or s.columns or s.tables or s.senses)


def nothing_known(best: Reading) -> Sequence[str]:
    """The words without a meaning, where nothing else in the question is about the data.

    `list the password of each user`; `what is your API key` is said to the machine.
    """
    unplaced = best.reader.unplaced
    if any(w.lower() in _ADDRESSED for w in unplaced) or _strange_group(best):
        return unplaced
    if best.reader.q.tables or _timed(best) or _may_be_rows(best):
        return ()
    shown = any("listed all columns" in note for note in best.notes)
    return unplaced if shown or not best.choice.options else ()


def _strange_group(best: Reading) -> bool:
    """`sales by zwurbel`: the answer would be another one without the groups."""
    segments = best.reader.segments
    if len(segments) < 3 or best.q.keys or best.q.group_tables or not grouped(best.q):
        return False
    last = [s for s in segments if not s.filler][-2:]
    by = len(last) == 2 and last[0].text.lower() in ("by", "per", "for each", "grouped by")
    return by and last[1].text in best.reader.unplaced


def _timed(best: Reading) -> bool:
    """A time of a column that was not named is about the data: `in the 1990s`."""
    known = best.reader.schema.fields
    return any(n in known for c in best.reader.q.where for n in columns_in(c))


def _may_be_rows(best: Reading) -> bool:
    """True when what has no meaning may be what the rows are called, or the table itself.

    `how many films are listed in this filmography`, of a table whose name does not say otherwise.
    """
    said = [t for s in best.reader.segments for t in s.tokens]
    whole = {b.text for a, b in pairwise(said) if a.lower == "this"}
    strange = {w.lower() for w in best.reader.unplaced if w not in whole}
    return strange <= PEOPLE if Left(best).saying else len(strange) < 2
