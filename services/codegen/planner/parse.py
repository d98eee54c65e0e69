"""The state of one parse and the steps that all grammar rules share."""

from collections.abc import Sequence
from dataclasses import replace

from services.codegen.planner.columns import ColumnHit, best_column
from services.codegen.planner.frame import TIME, Condition, Frame, columns_of
from services.codegen.planner.lexicon import Op, lexicon, stem
from services.codegen.planner.mentions import Segment
from services.codegen.planner.plan import Arith, ArithOp, Bucket, Col, Expr, Predicate, Unit
from services.codegen.planner.schema import Field, Schema

_ARITH = {
    Op.MINUS: ArithOp.SUBTRACT,
    Op.PLUS: ArithOp.ADD,
    Op.TIMES: ArithOp.MULTIPLY,
    Op.OVER: ArithOp.DIVIDE,
}
_OPERAND = 0.75
"""Score of a column that may stand in a derived measure: half of its name at least."""
_SINGULAR_S = ("ss", "us", "is", "species", "series")
_LINKS = (Op.AND, Op.OR, Op.COMMA)


class Parse:
    """One pass over the segments; rules read at `at`, write to `frame` and move `at` on."""

    def __init__(self, segments: Sequence[Segment], schema: Schema) -> None:
        self.segments = segments
        self.schema = schema
        self.frame = Frame()
        self.at = 0
        self.negated = False
        self.link = ""
        self.pending: list[tuple[str, str]] = []
        """Functions named before what they apply to, and the words that named them."""
        self.number: int | None = None
        """A bare number that may turn out to be how many rows are wanted."""

    def segment(self, at: int) -> Segment | None:
        return self.segments[at] if 0 <= at < len(self.segments) else None

    def skip(self, at: int, *ops: Op) -> int:
        """The next position whose segment is neither filler nor one of `ops`."""
        while (s := self.segment(at)) and (s.filler or (s.sense(*ops) and not s.columns)):
            at += 1
        return at

    def sense(self, at: int, *ops: Op) -> bool:
        s = self.segment(at)
        return s is not None and s.sense(*ops) is not None

    def column(self, at: int) -> ColumnHit | None:
        s = self.segment(at)
        return s.columns[0] if s and s.columns else None

    def read(self, at: int) -> ColumnHit:
        """The column at `at`, recorded as read. It must be there."""
        hit = self.column(at)
        assert hit is not None
        self.frame.readings.append((self.segments[at].text, hit))
        return hit

    def preposition(self, at: int) -> str:
        """The role that the word just before `at` gives, if it is one of direction."""
        back = at - 1
        while (s := self.segment(back)) and s.filler and not s.sense(Op.PREPOSITION):
            back -= 1
        s = self.segment(back)
        sense = s.sense(Op.PREPOSITION) if s else None
        return sense.arg if sense else ""

    def link_at(self, at: int) -> tuple[str, int]:
        """A conjunction at `at` and the position after it and its fillers."""
        link = ""
        while s := self.segment(at):
            sense = s.sense(*_LINKS)
            if sense is None and not s.filler:
                break
            if sense is not None:
                link = "or" if sense.op is Op.OR else link or "and"
            at += 1
        return link, at

    def add(self, where: Predicate, field: str | None = None, *, value: bool = False) -> None:
        """A filter, with the negation and conjunction that stand before it."""
        self.frame.conditions.append(Condition(where, field, value, self.negated, self.link))
        self.negated = False
        self.link = ""

    # --- expressions ---------------------------------------------------------------------------

    def expression(self, at: int) -> tuple[Expr, int] | None:
        """A numeric or date column, or arithmetic over such columns, and the position after."""
        at = self.skip(at)
        s = self.segment(at)
        if s is None:
            return None
        if s.sense(Op.RATIO, Op.DIFFERENCE):
            return self._pair(at, ArithOp.DIVIDE if s.sense(Op.RATIO) else ArithOp.SUBTRACT)
        term = self._term(at)
        if term is None:
            return None
        expr, after = term
        while (op := self._operator(after)) and (more := self._term(self.skip(after + 1))):
            expr, after = Arith(op, expr, more[0]), more[1]
        return expr, after

    def _operator(self, at: int) -> ArithOp | None:
        s = self.segment(at)
        sense = s.sense(*_ARITH) if s else None
        return _ARITH[sense.op] if sense else None

    def _pair(self, at: int, op: ArithOp) -> tuple[Expr, int] | None:
        left = self._term(self.skip(at + 1))
        if left is None:
            return None
        right = self._term(self.skip(left[1], Op.AND, Op.PREPOSITION, Op.COMMA))
        return (Arith(op, left[0], right[0]), right[1]) if right else None

    def _term(self, at: int) -> tuple[Expr, int] | None:
        hit = self.column(at)
        derived = self.derived(at) if hit is None or not hit.field.numeric else None
        if derived is not None:
            return derived, at + 1
        if hit is None or not (hit.field.numeric or hit.field.is_date):
            return None
        if hit.field.identifier and not hit.exact:
            # A key is measured only when it is named whole, as in `sum of order ids`.
            return None
        self.read(at)
        return Col(hit.field.key), at + 1

    def derived(self, at: int) -> Expr | None:
        """`revenue` and the like, computed from other columns when none carries the name."""
        s = self.segment(at)
        if s is None or len(s.tokens) != 1:
            return None
        return self.derive(s.tokens[0].stem, s.text)

    def derive(self, word: str, text: str) -> Expr | None:
        """The measure that the stem `word` names, computed from two columns; `text` was said."""
        for rule in lexicon().derived:
            if word not in rule.words:
                continue
            left, right = self._operand(rule.left), self._operand(rule.right)
            if left is not None and right is not None:
                expr = Arith(ArithOp(rule.op), left, right)
                self.frame.note(f"read {text!r} as {self.describe(expr)}", 0.08)
                return expr
        return None

    def _operand(self, phrases: Sequence[str]) -> Expr | None:
        hits = [best_column(p, self.schema) for p in phrases]
        good = [h for h in hits if h and h.field.numeric and h.score >= _OPERAND]
        single = any("unit" in p for p in phrases)
        good = [h for h in good if single or "unit" not in h.field.stems]
        if good:
            return Col(good[0].field.key)
        return next((d for p in phrases if (d := self.derive(stem(p), p))), None)

    def describe(self, expr: Expr) -> str:
        """The expression in words, with the columns under their own names."""
        match expr:
            case Col(name=name) if name in self.schema.fields:
                return self.schema.fields[name].name
            case Arith(op=op, left=left, right=right):
                sign = {"*": "×", "/": "÷"}.get(op.value, op.value)
                return f"{self.describe(left)} {sign} {self.describe(right)}"
            case Bucket(unit=unit, of=of):
                return f"{unit.value.replace('_', ' ')} of {self.describe(of)}"
        return "date" if expr == TIME else str(expr)

    def unit(self, at: int) -> Unit | None:
        """The unit of time at `at`, unless a column has exactly that name."""
        s = self.segment(at)
        sense = s.sense(Op.UNIT) if s else None
        hit = self.column(at)
        if sense is None or (hit is not None and hit.exact):
            return None
        return Unit(sense.arg)

    def field(self, key: str) -> Field:
        return self.schema.fields[key]

    def choose_column(self, at: int, hit: ColumnHit) -> None:
        """Put `hit` first among the readings at `at`."""
        s = self.segments[at]
        rest = tuple(c for c in s.columns if c is not hit)
        changed = list(self.segments)
        changed[at] = replace(s, columns=(hit, *rest))
        self.segments = changed


def plain(expr: Expr) -> set[str]:
    """Keys of the fields in an expression, without the stand-in for time."""
    return columns_of(expr) - {TIME.name}


def plural(text: str) -> bool:
    """True when the last word has the form of a plural."""
    word = text.split()[-1].lower()
    return word.endswith("s") and not word.endswith(_SINGULAR_S)
