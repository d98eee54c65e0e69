"""Plans as one DuckDB query: an executor of its own, to answer at once and to check programs."""

from collections.abc import Mapping

from services.codegen.planner import plan as p
from services.codegen.planner.render.columns import Columns, columns_of, meet_as_text
from services.codegen.planner.render.normal import needed, positive, ties
from services.codegen.planner.render.sql_expr import SqlExpressions, identifier, text
from services.codegen.planner.render.sql_read import read

_WORD = r"[\p{L}\p{N}]+('[\p{L}\p{N}]+)*"
_SET: Mapping[p.SetOp, str] = {
    p.SetOp.UNION: "UNION",
    p.SetOp.INTERSECT: "INTERSECT",
    p.SetOp.EXCEPT: "EXCEPT",
    p.SetOp.UNION_ALL: "UNION ALL",
}
_RUNNING = frozenset(
    {p.WindowFunc.SUM, p.WindowFunc.AVG, p.WindowFunc.MIN, p.WindowFunc.MAX, p.WindowFunc.COUNT}
)


def to_sql(node: p.Node) -> str:
    """The query that answers a plan over tables; it reads the files themselves.

    Raises ValueError for a plan that computes without a table.
    """
    return _query(node, tuple(columns_of(node)))


def _query(node: p.Node, above: tuple[str, ...]) -> str:
    """The query of `node`; `above`: the columns that matter to what stands above it."""
    below = needed(node, above)
    match node:
        case p.Scan():
            return read(node)
        case p.Join():
            return _join(node, below)
        case p.SetOperation(op, left, right):
            first, second = (_query(side, b) for side, b in zip((left, right), below, strict=True))
            return f"SELECT * FROM ({first}) {_SET[op]} SELECT * FROM ({second})"
        case p.Filter(source, where):
            test = _over(source).predicate(positive(where))
            return f"SELECT * FROM ({_query(source, below[0])}) WHERE {test}"
        case p.Derive(source, name, expr):
            value = f"{_over(source).expr(expr)} AS {identifier(name)}"
            return f"SELECT *, {value} FROM ({_query(source, below[0])})"
        case p.Window(source):
            return f"SELECT *, {_window(node, below[0])} FROM ({_query(source, below[0])})"
        case p.Aggregate():
            return _aggregate(node, below[0])
        case p.Sort(source):
            return f"SELECT * FROM ({_query(source, below[0])}) AS t {_order(node, above)}"
        case p.Limit(p.Sort() as sort, rows):
            return f"{_query(sort, above)} LIMIT {rows}"
        case p.Limit(source, rows):
            return f"SELECT * FROM ({_query(source, below[0])}) LIMIT {rows}"
        case p.Project():
            return _project(node, below[0])
        case p.WordCount():
            return _words(node, below[0])
        case p.Compute(task):
            raise ValueError(
                f"the task {task} reads no table, so it has no SQL: render it for spark or ray"
            )


def _over(source: p.Node) -> SqlExpressions:
    return SqlExpressions(columns_of(source))


def _join(node: p.Join, below: tuple[tuple[str, ...], ...]) -> str:
    left, right = _query(node.left, below[0]), _query(node.right, below[1])
    sides = columns_of(node.left), columns_of(node.right)
    tests = [_equal(pair, sides) for pair in node.pairs]
    shown = "l.*" if node.how in (p.How.SEMI, p.How.ANTI) else "l.*, r.*"
    on = f" ON {' AND '.join(tests)}" if tests else ""
    return f"SELECT {shown} FROM ({left}) AS l {node.how.upper()} JOIN ({right}) AS r{on}"


def _equal(pair: tuple[str, str], sides: tuple[Columns, Columns]) -> str:
    keys = [f"{alias}.{identifier(key)}" for alias, key in zip("lr", pair, strict=True)]
    if meet_as_text(*(side[key] for side, key in zip(sides, pair, strict=True))):
        keys = [f"CAST({key} AS VARCHAR)" for key in keys]
    return " = ".join(keys)


def _aggregate(node: p.Aggregate, below: tuple[str, ...]) -> str:
    over = _over(node.source)
    keys = [f"{over.expr(k.expr)} AS {identifier(k.name)}" for k in node.keys]
    measures = [f"{over.measure(m)} AS {identifier(m.name)}" for m in node.measures]
    by = ", ".join(str(number) for number in range(1, len(keys) + 1))
    group = f" GROUP BY {by}" if by else ""
    return f"SELECT {', '.join(keys + measures)} FROM ({_query(node.source, below)}){group}"


def _order(node: p.Sort, above: tuple[str, ...]) -> str:
    return "ORDER BY " + _keys(ties(node, above, tuple(columns_of(node.source))), "t.")


def _keys(keys: tuple[p.SortKey, ...], table: str = "") -> str:
    order = (
        f"{table}{identifier(k.name)} {'DESC' if k.descending else 'ASC'} NULLS LAST" for k in keys
    )
    return ", ".join(order)


def _window(node: p.Window, below: tuple[str, ...]) -> str:
    over = _over(node.source)
    of = over.expr(node.of) if node.of is not None else ""
    if node.func in (p.WindowFunc.LAG, p.WindowFunc.LEAD):
        of = f"{of}, {node.rows or 1}"
    elif node.func is p.WindowFunc.COUNT:
        of = of or "*"
    partition = ", ".join(map(identifier, node.partition))
    order = _keys(ties(node, below, tuple(columns_of(node.source))))
    parts = [f"PARTITION BY {partition}"] if partition else []
    parts += [f"ORDER BY {order}"] if order else []
    if order and node.func in _RUNNING:
        first = "UNBOUNDED" if node.rows is None else str(node.rows - 1)
        parts.append(f"ROWS BETWEEN {first} PRECEDING AND CURRENT ROW")
    return f"{node.func}({of}) OVER ({' '.join(parts)}) AS {identifier(node.name)}"


def _project(node: p.Project, below: tuple[str, ...]) -> str:
    """Sorted in the same query, so that the order is the answer's."""
    source, order = node.source, ""
    match source:
        case p.Limit(p.Sort() as sort, rows) if not node.distinct:
            source, order = sort.source, f" {_order(sort, below)} LIMIT {rows}"
            below = needed(sort, below)[0]
        case p.Sort(under) if not node.distinct:
            order = f" {_order(source, below)}"
            below, source = needed(source, below)[0], under
    names = node.names or node.columns
    shown = ", ".join(
        f"t.{identifier(c)} AS {identifier(n)}" for c, n in zip(node.columns, names, strict=True)
    )
    distinct = "DISTINCT " if node.distinct else ""
    return f"SELECT {distinct}{shown} FROM ({_query(source, below)}) AS t{order}"


def _words(node: p.WordCount, below: tuple[str, ...]) -> str:
    found = f"unnest(regexp_extract_all(lower({identifier(node.column)}), {text(_WORD)})) AS word"
    words = f"SELECT {found} FROM ({_query(node.source, below)})"
    top = "" if node.top is None else f" LIMIT {node.top}"
    counted = f'SELECT word, count(*) AS "count" FROM ({words}) GROUP BY word'
    return f"{counted} ORDER BY count(*) DESC, word{top}"
