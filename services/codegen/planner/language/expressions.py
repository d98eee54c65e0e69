"""Numbers that are computed: `amount minus cost`, `revenue`, `days between start and end`."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from services.codegen.planner.language.reader import Reader
from services.codegen.planner.language.slots import Option, Slot
from services.codegen.planner.lexicon import Derived, Op, lexicon, stem
from services.codegen.planner.plan import Arith, ArithOp, Col, Expr, Lit, Unit
from services.codegen.planner.schema import Field, Schema

_SIGNS = {
    Op.MINUS: ArithOp.SUBTRACT,
    Op.PLUS: ArithOp.ADD,
    Op.MULTIPLY: ArithOp.MULTIPLY,
    Op.OVER: ArithOp.DIVIDE,
}
_SIGN = {"*": ArithOp.MULTIPLY, "-": ArithOp.SUBTRACT, "/": ArithOp.DIVIDE, "+": ArithOp.ADD}
_WRITTEN = {ArithOp.MULTIPLY: "×", ArithOp.DIVIDE: "/", ArithOp.ADD: "+", ArithOp.SUBTRACT: "-"}

Make = Callable[[str], Expr]


@dataclass(frozen=True)
class Said:
    """An expression as it stands in the question; `make` opens its slots in a role."""

    after: int
    make: Make
    computed: bool = True
    """False for a bare column."""


def expression_at(r: Reader, at: int) -> Said | None:
    """The expression at `at`: a column, a derived measure, or arithmetic over these."""
    at = r.skip(at)
    first = _between(r, at) or _operand(r, at)
    if first is None:
        return None
    while (op := _sign_at(r, first.after)) is not None and _calculable(r, first.after - 1):
        after = r.skip(first.after + 1)
        second = _number(r, after)
        if second is None and (_calculable(r, after) or derived_at(r, after) is not None):
            second = _operand(r, after)
        if second is None:
            break
        first = _both(op, first, second)
    return first


def _calculable(r: Reader, at: int) -> bool:
    """A column of numbers or dates stands at `at`, or no column at all."""
    s = r.segment(at)
    fields = [c.field for c in s.columns] if s is not None else []
    return not fields or any(f.numeric or f.is_date for f in fields)


def computed_at(r: Reader, at: int) -> Said | None:
    """The expression at `at`, unless it is a bare column."""
    said = expression_at(r, at)
    return said if said is not None and said.computed else None


def _both(op: ArithOp, a: Said, b: Said) -> Said:
    return Said(b.after, lambda role: Arith(op, a.make(role), b.make(role)))


def _sign_at(r: Reader, at: int) -> ArithOp | None:
    s = r.segment(at)
    if s is not None and s.text.lower() == "times":
        return ArithOp.MULTIPLY
    sense = s.sense(*_SIGNS) if s is not None and not s.columns else None
    return _SIGNS[sense.op] if sense is not None else None


def _operand(r: Reader, at: int) -> Said | None:
    if r.names_column(at):
        return Said(at + 1, lambda role: r.column(at, role, "number").expr, computed=False)
    found = derived_at(r, at)
    if found is not None:
        return found
    name = r.names_table(at)
    own = r.segment(at + 1)
    named = name and own is not None and r.names_column(at + 1)
    if named and own is not None and any(c.field.table.name == name for c in own.columns):
        return Said(at + 2, lambda role: _of_table(r, name, at + 1, role), computed=False)
    return None


def _of_table(r: Reader, table: str, at: int, role: str) -> Expr:
    r.attach = table
    return r.column(at, role, "number").expr


def _number(r: Reader, at: int) -> Said | None:
    number = r.number(r.skip(at))
    if number is None:
        return None
    return Said(r.skip(at) + 1, lambda role: Lit(number))


def _between(r: Reader, at: int) -> Said | None:
    """`difference between A and B`, `days between A and B`, `time from A to B`."""
    s = r.segment(at)
    if s is None or s.columns:
        return None
    unit = s.sense(Op.UNIT)
    if unit is not None and r.word(r.skip(at + 1)) in _SPANS:
        elapsed = elapsed_at(r, r.skip(at + 1) + 1, unit.arg)
        if elapsed is not None:
            return elapsed
    if not s.sense(Op.DIFFERENCE):
        return None
    pair = _pair(r, at + 1)
    if pair is None:
        return None
    first, second = pair
    return _both(ArithOp.SUBTRACT, first, second)


def _pair(r: Reader, at: int) -> tuple[Said, Said] | None:
    """`A and B`, `A to B`."""
    first = _operand(r, r.skip(at))
    if first is None or r.word(first.after) not in _LINKS:
        return None
    second = _operand(r, r.skip(first.after + 1))
    return (first, second) if second is not None else None


def elapsed_at(r: Reader, at: int, unit: str, *, backwards: bool = False) -> Said | None:
    """The time between two dates that stand at `at`, in days or weeks; None for other units.

    It counts from the first that is named, or `backwards` as a difference does.
    """
    pair = _pair(r, at) if unit in _DAYS else None
    if pair is None:
        return None
    first, second = pair

    def make(role: str) -> Expr:
        opened = len(r.slots)
        a, b = first.make("span"), second.make("span")
        for slot in r.slots[opened:]:
            slot.want = "time"
            dates = tuple(o for o in slot.options if o.field.is_date)
            slot.options = dates or slot.options
        whole = Arith(ArithOp.SUBTRACT, *((a, b) if backwards else (b, a)))
        per = _DAYS[Unit(unit)]
        return whole if per == 1 else Arith(ArithOp.DIVIDE, whole, Lit(per))

    return Said(second.after, make)


_SPANS = frozenset({"between", "from"})
_LINKS = frozenset({"and", "to", "until", "less", "minus"})
_DAYS = {Unit.DAY: 1, Unit.WEEK: 7}


# --- derived measures --------------------------------------------------------------------------


def derived_at(r: Reader, at: int) -> Said | None:
    """`revenue` where no column has the name: quantity × unit price, with a note."""
    s = r.segment(at)
    if s is None or len(s.tokens) != 1 or s.columns or r.names_table(at):
        return None
    return derived_word(r, s.tokens[0].stem, s.text, at + 1)


def derived_word(r: Reader, word: str, text: str, after: int = 0) -> Said | None:
    """The derived measure that the stem of a word stands for, where its columns are there."""
    tree = next(_trees(r.schema, word, frozenset()), None)
    if tree is None:
        return None

    def make(role: str) -> Expr:
        r.note(f"read {text!r} as {_written(tree)}", 0.05)
        return _opened(r, tree, role)

    return Said(after, make)


@dataclass(frozen=True)
class _Tree:
    op: ArithOp
    left: "_Tree | Field"
    right: "_Tree | Field"


def _trees(schema: Schema, word: str, above: frozenset[str]) -> Iterator[_Tree]:
    for derived in lexicon().derived:
        if word not in derived.words or word in above:
            continue
        tree = _tree(schema, derived, above | derived.words)
        if tree is not None:
            yield tree


def _tree(schema: Schema, derived: Derived, above: frozenset[str]) -> _Tree | None:
    lefts = list(_parts(schema, derived.left, above))
    rights = list(_parts(schema, derived.right, above))
    pairs = [(a, b) for a in lefts for b in rights if _leaves(a) != _leaves(b)]
    # Numbers of one row go together before numbers of two tables do.
    pairs.sort(key=lambda p: len({f.table.name for side in p for f in _leaves(side)}))
    return _Tree(_SIGN[derived.op], *pairs[0]) if pairs else None


def _parts(
    schema: Schema, phrases: Sequence[str], above: frozenset[str]
) -> Iterator[_Tree | Field]:
    for phrase in phrases:
        stems = frozenset(map(stem, phrase.split()))
        exact = [f for f in schema.fields.values() if f.numeric and f.stems == stems]
        near = [f for f in schema.fields.values() if f.numeric and f.stems > stems]
        yield from (f for f in exact if not f.identifier)
        if len(stems) == 1:
            yield from _trees(schema, next(iter(stems)), above)
        yield from (f for f in near if not f.identifier)


def _leaves(part: _Tree | Field) -> list[Field]:
    if isinstance(part, Field):
        return [part]
    return [*_leaves(part.left), *_leaves(part.right)]


def _written(part: _Tree | Field) -> str:
    if isinstance(part, Field):
        return part.name
    return f"{_written(part.left)} {_WRITTEN[part.op]} {_written(part.right)}"


def _opened(r: Reader, part: _Tree | Field, role: str) -> Expr:
    if isinstance(part, _Tree):
        return Arith(part.op, _opened(r, part.left, role), _opened(r, part.right, role))
    return field_slot(r, part, role).expr


def field_slot(r: Reader, field: Field, role: str) -> Slot:
    """A slot with one option: the column is known."""
    option = Option(Col(field.key), field, 0.9, exact=True)
    slot = Slot(len(r.slots), field.name, (option,), role=role, at=r.at)
    r.slots.append(slot)
    return slot
