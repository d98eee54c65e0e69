"""Grammar rules for what is most or least: `most strikes`, `hottest`, `the largest order`."""

from dataclasses import replace

from services.codegen.planner.columns import best_column
from services.codegen.planner.frame import MeasureAsk, Rank
from services.codegen.planner.lexicon import Op, Sense
from services.codegen.planner.parse import Parse, plural
from services.codegen.planner.plan import Col, Expr, Func
from services.codegen.planner.rules_measures import counted, has_before, measure_at, roles_at
from services.codegen.planner.worth import of_rows, worth


def superlative_rule(p: Parse) -> bool:
    """`most strikes`, `highest repair cost`, `hottest`, `5 most expensive`."""
    sense = p.segments[p.at].sense(Op.SUPERLATIVE)
    if sense is None:
        return False
    descending = sense.arg == "desc"
    if p.frame.rank is not None and p.frame.rank.by is not None:
        return False
    if sense.hints:
        return _hinted(p, sense, descending)
    if sense.rows:
        text = p.segments[p.at].text
        p.frame.rank = Rank(descending, MeasureAsk(Func.COUNT), explicit=False, text=text)
        p.at += 1
        return True
    at = p.skip(p.at + 1)
    number = p.segment(at)
    if number is not None and isinstance(number.number, int) and not number.columns:
        p.frame.limit = number.number
        at = p.skip(at + 1)
    text = p.segments[p.at].text
    if sense.size and _sized(p, at, Rank(descending, explicit=False, rows=True, text=text)):
        return True
    if sense.size and _thing(p, at):
        return False
    rows = bool(p.frame.row_entity) and has_before(p)
    by, p.at = _ranked(p, at)
    p.frame.rank = Rank(descending, by, rows=rows, text=text)
    return True


def _thing(p: Parse, at: int) -> bool:
    """`the highest employee` has no measure; `the state with the highest strikes` counts."""
    s, hit = p.segment(at), p.column(at)
    if hit is not None and hit.field.identifier and not hit.exact:
        return True
    if s is None or not s.tables or s.columns or p.sense(at, Op.COUNT):
        return False
    table = s.tables[0].table.name
    grouped = bool(p.frame.entities or p.frame.row_entity or p.frame.keys)
    return p.schema.row_count(table) is None and not (grouped and plural(s.text))


def _sized(p: Parse, at: int, rank: Rank) -> bool:
    """`the largest order`: the row that is worth most."""
    s = p.segment(at)
    if s is None or not s.tables or s.columns or of_rows(p, at) is not None:
        return False
    if p.sense(at, Op.COUNT):
        return False
    table = s.tables[0].table.name
    by = worth(p, table, f"{rank.text} {s.text}")
    if by is None or p.schema.row_count(table) is not None:
        return False
    p.frame.rank = replace(rank, by=by)
    p.frame.row_entity = table
    p.frame.table_words.setdefault(table, s.text)
    if not plural(s.text) and p.frame.limit is None:
        p.frame.limit = 1
    p.at = at + 1
    return True


def _ranked(p: Parse, at: int) -> tuple[MeasureAsk | Expr | None, int]:
    """What `most` or `highest` speaks of, if it stands right after it."""
    at = roles_at(p, at)
    measures = measure_at(p, at)
    if measures is not None:
        return measures[0][0], measures[1]
    if (found := of_rows(p, at)) is not None:
        return found
    s, hit = p.segment(at), p.column(at)
    table = s.tables[0] if s and s.tables else None
    if hit is None or (table is not None and table.score > hit.score) or not hit.field.numeric:
        distinct = p.sense(at, Op.DISTINCT)
        count = counted(p, p.skip(at + 1) if distinct else at, distinct)
        if count is not None and not (s and p.unit(at)):
            return count
    found = p.expression(at)
    return found if found is not None else (None, at)


def _hinted(p: Parse, sense: Sense, descending: bool) -> bool:
    hits = [h for hint in sense.hints if (h := best_column(hint, p.schema))]
    hits = [h for h in hits if h.field.numeric or h.field.is_date]
    if not hits:
        return False
    field, said = hits[0].field, p.segments[p.at].text
    at = p.skip(p.at + 1)
    following = p.column(at)
    if following is not None and following.field.numeric and following.field is not field:
        return False
    same = following is not None and following.field is field
    order = "descending" if descending else "ascending"
    p.frame.note(f"read {said!r} as {order} by column {field.name!r}", 0.05)
    p.frame.rank = Rank(descending, Col(field.key), explicit=False)
    p.at = at + 1 if same else p.at + 1
    return True
