"""From segments to a frame: the rules in the order in which they are tried."""

from collections.abc import Callable, Sequence

from services.codegen.planner.columns import ColumnHit
from services.codegen.planner.frame import Entity, Frame, MeasureAsk
from services.codegen.planner.lexicon import Op, lexicon
from services.codegen.planner.mentions import Segment
from services.codegen.planner.parse import Parse, plural
from services.codegen.planner.plan import Col, Func
from services.codegen.planner.rules_columns import column_rule, missing_rule, text_rule
from services.codegen.planner.rules_filters import (
    between_rule,
    compare_rule,
    link_rule,
    not_rule,
    unseen_role_rule,
    value_rule,
)
from services.codegen.planner.rules_groups import (
    by_rule,
    number_rule,
    top_rule,
    unit_rule,
)
from services.codegen.planner.rules_measures import aggregate_rule, count_rule
from services.codegen.planner.rules_order import direction_rule, sort_rule
from services.codegen.planner.rules_recent import recent_rule
from services.codegen.planner.rules_superlative import superlative_rule
from services.codegen.planner.rules_when import period_rule
from services.codegen.planner.schema import Schema
from services.codegen.planner.words import Kind

Rule = Callable[[Parse], bool]


def parse(segments: Sequence[Segment], schema: Schema) -> Frame:
    """The frame that the segments make, each by its first reading that fits."""
    p = Parse(segments, schema)
    while p.at < len(p.segments):
        if not any(rule(p) for rule in RULES):
            p.frame.unplaced += [t.text for t in p.segments[p.at].tokens]
            p.at += 1
    return _closed(p)


def _closed(p: Parse) -> Frame:
    """What was named early and never used is either resolved now or not understood."""
    frame = p.frame
    if p.number is not None:
        listed = frame.row_entity and not (frame.measures or frame.keys or frame.entities)
        if frame.rank is not None or frame.sort or listed:
            frame.limit = frame.limit or p.number
        else:
            frame.unplaced.append(str(p.number))
    if p.negated:
        frame.unplaced.append("not")
    if p.pending and not _apply(p):
        frame.unplaced += [text for _, text in p.pending]
    return frame


def _apply(p: Parse) -> bool:
    """`rain on average by month`: the function belongs to the one bare number column."""
    bare = [e for e in p.frame.entities if e.field is not None and e.field.numeric]
    bare = [e for e in bare if not (e.field and e.field.identifier)]
    counts = [m for m in p.frame.measures if m.func is Func.COUNT]
    if all(f == "sum" for f, _ in p.pending) and counts and not bare:
        return True
    if len(bare) != 1:
        return False
    p.frame.entities.remove(bare[0])
    p.frame.measures += [MeasureAsk(Func(f), bare[0].expr) for f, _ in p.pending]
    return True


def _show(p: Parse) -> bool:
    if not p.sense(p.at, Op.SHOW):
        return False
    p.frame.shown = True
    p.at += 1
    return True


def _distinct(p: Parse) -> bool:
    if not p.sense(p.at, Op.DISTINCT) or p.column(p.skip(p.at + 1)) is None:
        return False
    p.frame.distinct = True
    p.at += 1
    return True


def _flag(op: Op, name: str) -> Rule:
    def rule(p: Parse) -> bool:
        hit = p.column(p.at)
        own = hit is not None and " ".join(hit.field.words) == p.segments[p.at].text.lower()
        if own or not p.sense(p.at, op):
            return False
        setattr(p.frame, name, True)
        p.at += 1
        return True

    return rule


def _words(p: Parse) -> bool:
    """`word count of the notes`."""
    if not p.sense(p.at, Op.WORDS):
        return False
    at = p.skip(p.at + 1)
    hit = p.column(at)
    if hit is None or hit.field.numeric:
        return False
    p.frame.words_of = p.read(at).field.key
    p.at = at + 1
    return True


def _role(p: Parse) -> bool:
    s = p.segments[p.at]
    sense = s.sense(Op.ROLE)
    if sense is None or p.column(p.at) is not None:
        return False
    p.frame.roles.add(sense.arg)
    p.frame.role_words[sense.arg] = s.text
    p.at += 1
    return True


def _table(p: Parse) -> bool:
    s, hit = p.segments[p.at], p.column(p.at)
    if not s.tables or (hit is not None and hit.score >= s.tables[0].score):
        return False
    name = s.tables[0].table.name
    p.frame.tables.append(name)
    p.frame.table_words.setdefault(name, s.text)
    p.frame.listed |= {name} if p.link else set()
    p.frame.row_entity = p.frame.row_entity or name
    p.at += 1
    return True


def _rows(p: Parse) -> bool:
    if not p.sense(p.at, Op.ROWS):
        return False
    tables = list(p.schema.tables)
    if len(tables) == 1:
        p.frame.row_entity = tables[0]
    p.at += 1
    return True


def _bare_column(p: Parse) -> bool:
    s, hit = p.segments[p.at], p.column(p.at)
    if hit is None:
        derived = p.derived(p.at)
        if derived is None:
            return False
        p.frame.entities.append(Entity(derived, None, False, s.text))
        p.at += 1
        return True
    if _only_name(p, s, hit):
        p.at += 1
        return True
    before = p.segment(p.at - 1)
    literal = any(t.stem in hit.field.stems for t in s.tokens)
    measured = bool(p.frame.measures) and p.frame.rank is None and not literal
    said = hit.exact or (hit.head and not measured)
    if not said and before is not None and before.values:
        table = hit.field.table.name
        p.frame.note(f"read {s.text!r} as the rows of {table}", 0.1)
        p.frame.tables.append(table)
        p.at += 1
        return True
    found = p.expression(p.at)
    if found is not None and found[1] > p.at + 1:
        p.frame.entities.append(Entity(found[0], None, False, s.text))
        p.at = found[1]
        return True
    if found is None:
        p.read(p.at)
    _entity(p, s, hit.field.key)
    _other_names(p, s, hit)
    return True


def _other_names(p: Parse, s: Segment, hit: ColumnHit) -> None:
    """`names` of people who have a first and a last name are both."""
    words = {t.stem for t in s.tokens}
    if not (words <= lexicon().names and plural(s.text)) or hit.exact:
        return
    for other in s.columns[1:]:
        if other.field.table is hit.field.table and other.score == hit.score:
            p.frame.readings.append((s.text, other))
            p.frame.entities.append(Entity(Col(other.field.key), other.field, True, s.text))


def _only_name(p: Parse, s: Segment, hit: ColumnHit) -> bool:
    """`names of the operators` are the operators, where these are a column."""
    if not {t.stem for t in s.tokens} <= lexicon().names:
        return False
    if (of := p.segment(p.at + 1)) is None or of.text.lower() != "of":
        return False
    thing = p.segment(p.skip(p.at + 2))
    column = p.column(p.skip(p.at + 2))
    return bool(column and not column.field.numeric and thing and not thing.tables)


def _entity(p: Parse, s: Segment, key: str) -> None:
    field = p.field(key)
    p.frame.entities.append(Entity(Col(key), field, plural(s.text), s.text))
    p.at += 1


def _expression(p: Parse) -> bool:
    """`difference between A and B`, `ratio of A to B`."""
    if not p.sense(p.at, Op.RATIO, Op.DIFFERENCE):
        return False
    text, found = p.segments[p.at].text, p.expression(p.at)
    if found is None:
        return False
    p.frame.entities.append(Entity(found[0], None, False, text))
    p.at = found[1]
    return True


def _measured(p: Parse) -> bool:
    """`30 degrees`: the unit that follows a number is taken to be the column's."""
    before, s = p.segment(p.at - 1), p.segments[p.at]
    if not s.sense(Op.MEASURED) or before is None:
        return False
    if before.number is None and not before.sense(Op.MEASURED):
        return False
    if before.number is not None:
        p.frame.note(f"took {s.text!r} for the unit in which the column is measured", 0.03)
    p.at += 1
    return True


def _suffix(p: Parse) -> bool:
    """`weather type`: a word that adds nothing to the category before it."""
    before = p.column(p.at - 1)
    if not p.sense(p.at, Op.SUFFIX) or before is None or before.field.numeric:
        return False
    p.at += 1
    return True


_SILENT = (Op.FILLER, Op.EQUALS, Op.PREPOSITION, Op.CALENDAR)


def _filler(p: Parse) -> bool:
    s = p.segments[p.at]
    if s.sense(*_SILENT) is None and s.tokens[0].kind is not Kind.SYMBOL:
        return False
    p.at += 1
    return True


RULES: Sequence[Rule] = (
    _measured,
    _suffix,
    _flag(Op.VAGUE, "vague"),
    _flag(Op.JOIN, "join"),
    _flag(Op.USUALLY, "usually"),
    _flag(Op.EVERYTHING, "everything"),
    _words,
    sort_rule,
    direction_rule,
    recent_rule,
    top_rule,
    superlative_rule,
    not_rule,
    between_rule,
    compare_rule,
    missing_rule,
    period_rule,
    count_rule,
    by_rule,
    column_rule,
    _expression,
    aggregate_rule,
    value_rule,
    _distinct,
    unit_rule,
    _show,
    _table,
    _bare_column,
    _role,
    _rows,
    unseen_role_rule,
    text_rule,
    number_rule,
    link_rule,
    _filler,
)
