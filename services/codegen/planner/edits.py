"""Edits of an answer: another order, fewer rows, shares of the total, the number of rows."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from services.codegen.planner import plan as p
from services.codegen.planner.render.columns import columns_of


@dataclass(frozen=True)
class Order:
    """By a column of the answer: its place from 1, or -1 for the last; or words of its name."""

    column: int | str
    descending: bool | None = None
    """None: as it is usual, numbers from high to low when nothing is said."""

    def replaces(self, other: "Edit") -> bool:
        return isinstance(other, Order)


@dataclass(frozen=True)
class First:
    """The first rows in the order of the answer, or the last ones."""

    rows: int
    last: bool = False

    def replaces(self, other: "Edit") -> bool:
        return isinstance(other, First)


@dataclass(frozen=True)
class Share:
    """The measure as a percentage of its total over all groups."""

    def replaces(self, other: "Edit") -> bool:
        return isinstance(other, Share)


@dataclass(frozen=True)
class HowMany:
    """The number of rows of the answer."""

    def replaces(self, other: "Edit") -> bool:
        return isinstance(other, HowMany)


Edit = Order | First | Share | HowMany

_ORDINALS = {
    word: n
    for n, words in enumerate(
        ("first 1st 1", "second 2nd 2", "third 3rd 3", "fourth 4th 4", "fifth 5th 5"), 1
    )
    for word in words.split()
} | {"last": -1}
_NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_DOWN, _UP = (
    r"desc(?:ending)?|high(?:est)? (?:to low(?:est)?|first)|largest first|most first",
    (r"asc(?:ending)?|low(?:est)? (?:to high(?:est)?|first)|smallest first|least first"),
)
_SORT = re.compile(
    r"^(?:sort(?:ed)?|order(?:ed)?|rank(?:ed)?)"
    r"(?: (?:it|them|this|that|the (?:result|rows|answer)))?(?: by (?:the )?(?P<by>.+?))?"
    rf"(?:,? (?:in )?(?:(?P<down>{_DOWN})|(?P<up>{_UP}))(?: order)?)?$",
    re.I,
)
_DIRECTION = re.compile(rf"^(?:in )?(?:(?P<down>{_DOWN})|(?P<up>{_UP}))(?: order)?$", re.I)
_NTH = re.compile(rf"^({'|'.join(_ORDINALS)}) column$|^column (\d)$", re.I)
_TOP = re.compile(
    r"^(?:the )?(?:(?P<top>top|first|largest|limit(?: it| that)? to|keep)|(?P<bottom>bottom|last))"
    rf" (?P<n>\d{{1,6}}|{'|'.join(_NUMBERS)})"
    r"(?: of (?:them|those|these))?(?: rows| results| ones)?$",
    re.I,
)
_SHARE = re.compile(
    r"^(?:as |in )?(?:an? )?(?:percent(?:age)?s?|%|shares?|fractions?)"
    r"(?: of (?:the )?(?:total|whole|all|overall))?$",
    re.I,
)
_COUNT = re.compile(
    r"^(?:how many(?: (?:are (?:there|they|these|those)|is (?:that|it)|rows(?: are there)?"
    r"|of them))?|count (?:them|those|these|the rows))$",
    re.I,
)


def edit_of(core: str) -> Edit | None:
    """The edit that these words ask for; None when they say something else."""
    if (found := _SORT.match(core)) or (found := _DIRECTION.match(core)):
        said = found.groupdict()
        down = True if said["down"] else False if said["up"] else None
        return Order(_column(said.get("by") or "last column"), down)
    if found := _TOP.match(core):
        number = found["n"].lower()
        rows = int(number) if number.isdecimal() else _NUMBERS.index(number) + 1
        return First(rows, last=bool(found["bottom"])) if rows else None
    if _SHARE.match(core):
        return Share()
    return HowMany() if _COUNT.match(core) else None


def change(planned: p.Planned, edit: Edit, *, ordered: bool = False) -> tuple[p.Planned, str]:
    """The plan with the edit, and the edit in words. The words say so where it does not apply.

    `ordered`: an edit before has set the order, so the first rows are those of that order.
    """
    match edit:
        case Order():
            changed = _ordered(planned.root, edit)
        case First():
            changed = _first(planned.root, edit, ordered)
        case Share():
            changed = _shared(planned.root)
        case HowMany():
            changed = _counted(planned.root)
    if changed is None:
        return planned, f"left out: {_words(edit)}, which does not fit this answer"
    root, note = changed
    summary = f"{planned.summary}; {note}"
    return replace(planned, root=root, summary=summary), note


Changed = tuple[p.Node, str] | None


def _column(words: str) -> int | str:
    found = _NTH.match(words.strip())
    if found is None:
        return words.strip()
    return int(found[2]) if found[2] else _ORDINALS[found[1].lower()]


def _words(edit: Edit) -> str:
    match edit:
        case Order(column):
            by = f"column {column}" if isinstance(column, int) else f"{column!r}"
            return f"the order by {by if column != -1 else 'the last column'}"
        case First(rows, last):
            return f"the {'last' if last else 'first'} {rows} rows"
        case Share():
            return "the percentage of the total"
    return "the number of rows"


def _inside(root: p.Node, put: Callable[[p.Node], p.Node]) -> p.Node:
    """`put` around what the last Project shows, where every column still has its own name."""
    if isinstance(root, p.Project) and not root.distinct:
        return replace(root, source=put(root.source))
    if isinstance(root, p.Project) and root.names:
        return p.Project(put(replace(root, names=())), root.columns, names=root.names)
    return put(root)


def _shown(root: p.Node) -> tuple[str, ...]:
    """Plan-wide names of the answer's columns, in order."""
    if isinstance(root, p.Project):
        return root.columns
    return tuple(columns_of(root))


def _ordered(root: p.Node, edit: Order) -> Changed:
    if isinstance(root, p.Compute):
        return None
    shown = _shown(root)
    name = _named(edit.column, shown)
    if name is None:
        return None
    down = _measure_like(root, name) if edit.descending is None else edit.descending
    way = "from high to low" if down else "from low to high"
    return (
        _inside(root, lambda source: p.Sort(source, (p.SortKey(name, down),))),
        f"sorted by {name}, {way}",
    )


def _named(column: int | str, shown: tuple[str, ...]) -> str | None:
    if isinstance(column, int):
        place = column - 1 if column > 0 else len(shown) + column
        return shown[place] if 0 <= place < len(shown) else None
    words = [w for w in re.split(r"[\W_]+", column.lower()) if w]
    alike = [n for n in shown if all(_has(n, w) for w in words)]
    exact = [n for n in alike if re.split(r"[\W_]+", n.lower()) == words]
    return next(iter(exact or alike), None) if words else None


def _has(name: str, word: str) -> bool:
    parts = re.split(r"[\W_]+", name.lower())
    return any(part == word or part.rstrip("s") == word.rstrip("s") for part in parts)


def _measure_like(root: p.Node, name: str) -> bool:
    aggregate = _aggregate(root)
    return aggregate is not None and all(k.name != name for k in aggregate.keys)


def _first(root: p.Node, edit: First, ordered: bool) -> Changed:
    if isinstance(root, p.Compute):
        return None
    note = f"the {'last' if edit.last else 'first'} {edit.rows} rows"
    keys, number = _order_of(root), _number(root)
    if number is not None and not ordered and not _ranks(root, keys):
        keys = (p.SortKey(number, descending=True),)
        note += f" by {number}"
    elif not edit.last:
        return _inside(root, lambda source: p.Limit(source, edit.rows)), note
    if edit.last:
        if not keys:
            return None
        keys = tuple(replace(k, descending=not k.descending) for k in keys)
    return _inside(root, lambda source: p.Limit(p.Sort(source, keys), edit.rows)), note


def _order_of(root: p.Node) -> tuple[p.SortKey, ...]:
    """The order of the answer's rows; empty when they have none."""
    below = root.source if isinstance(root, p.Project) else root
    while isinstance(below, p.Limit):
        below = below.source
    return below.keys if isinstance(below, p.Sort) else ()


def _ranks(root: p.Node, keys: tuple[p.SortKey, ...]) -> bool:
    """True for an order by something else than the groups, as `highest first` is."""
    aggregate = _aggregate(root)
    groups = {k.name for k in aggregate.keys} if aggregate is not None else set()
    return any(k.name not in groups for k in keys)


def _aggregate(node: p.Node) -> p.Aggregate | None:
    """The aggregate that the answer's rows come from, below what only cuts and orders them."""
    while isinstance(node, p.Project | p.Limit | p.Sort | p.Filter | p.Derive | p.Window):
        node = node.source
    return node if isinstance(node, p.Aggregate) else None


def _number(root: p.Node) -> str | None:
    """The last column of a grouped answer that is no key: what its rows are ranked by."""
    aggregate = _aggregate(root)
    if aggregate is None or not aggregate.keys:
        return None
    keys = {k.name for k in aggregate.keys}
    return next((n for n in reversed(_shown(root)) if n not in keys), None)


def _measure(root: p.Node) -> p.Measure | None:
    """The last measure that the answer shows."""
    aggregate = _aggregate(root)
    shown = _shown(root)
    if aggregate is None or not aggregate.keys:
        return None
    found = [m for m in aggregate.measures if m.name in shown]
    return found[-1] if found else None


def _shared(root: p.Node) -> Changed:
    measure = _measure(root)
    aggregate = _aggregate(root)
    if measure is None or aggregate is None or measure.func not in (p.Func.COUNT, p.Func.SUM):
        return None
    total, share = f"all_{measure.name}", f"percent_of_{measure.name}"
    window = p.Window(aggregate, total, p.WindowFunc.SUM, p.Col(measure.name))
    hundred = p.Arith(p.ArithOp.MULTIPLY, p.Col(measure.name), p.Lit(100.0))
    derived = p.Derive(window, share, p.Arith(p.ArithOp.DIVIDE, hundred, p.Col(total)))
    shown = tuple(share if n == measure.name else n for n in _shown(root))
    changed = _swapped(root, aggregate, derived)
    if isinstance(changed, p.Project):
        changed = replace(changed, columns=shown, names=())
    else:
        changed = p.Project(changed, shown)
    return changed, f"{measure.name} as a percentage of its total over all groups"


def _swapped(node: p.Node, old: p.Node, new: p.Node) -> p.Node:
    if node is old:
        return new
    assert isinstance(node, p.Project | p.Limit | p.Sort | p.Filter | p.Derive | p.Window)
    return replace(node, source=_swapped(node.source, old, new))


def _counted(root: p.Node) -> Changed:
    aggregate = _aggregate(root)
    if isinstance(root, p.Compute) or (aggregate is not None and not aggregate.keys):
        return None
    while isinstance(root, p.Sort):
        root = root.source
    return p.Aggregate(root, (), (p.Measure(p.Func.COUNT, None, "rows"),)), "the number of rows"
