"""Plans as DuckDB SQL: a second, independent executor for tests."""

from datetime import date

from arclight.catalog.profile import ColumnType
from services.codegen.planner import plan as p

_TYPES = {
    ColumnType.INTEGER: "BIGINT",
    ColumnType.DOUBLE: "DOUBLE",
    ColumnType.BOOLEAN: "BOOLEAN",
    ColumnType.DATE: "DATE",
    ColumnType.TIMESTAMP: "TIMESTAMP",
    ColumnType.STRING: "VARCHAR",
}
_PARTS = {
    p.Unit.YEAR: "year",
    p.Unit.MONTH_OF_YEAR: "month",
    p.Unit.QUARTER_OF_YEAR: "quarter",
    p.Unit.WEEK_OF_YEAR: "week",
    p.Unit.DAY_OF_WEEK: "isodow",
    p.Unit.HOUR_OF_DAY: "hour",
}
_FUNCS = {p.Func.STDDEV: "stddev_samp"}
_LIKE = {
    p.TextMatch.CONTAINS: "%{}%",
    p.TextMatch.STARTS: "{}%",
    p.TextMatch.ENDS: "%{}",
}


def to_sql(node: p.Node) -> str:
    """The query of a plan over tables."""
    match node:
        case p.Scan(table=table, columns=columns):
            cols = ", ".join(_column(c) for c in columns)
            path = table.uri.removeprefix("file://")
            return f"SELECT {cols} FROM read_csv('{path}', all_varchar=true, header=true)"
        case p.Join():
            return (
                f"SELECT * FROM ({to_sql(node.left)}) l {node.how.upper()} JOIN "
                f"({to_sql(node.right)}) r ON l.{_q(node.left_key)} = r.{_q(node.right_key)}"
            )
        case p.Filter():
            return f"SELECT * FROM ({to_sql(node.source)}) WHERE {predicate(node.where)}"
        case p.Derive():
            return f"SELECT *, {expr(node.expr)} AS {_q(node.name)} FROM ({to_sql(node.source)})"
        case p.Aggregate():
            keys = [f"{expr(k.expr)} AS {_q(k.name)}" for k in node.keys]
            measures = [f"{_measure(m)} AS {_q(m.name)}" for m in node.measures]
            by = ", ".join(expr(k.expr) for k in node.keys)
            group = f" GROUP BY {by}" if by else ""
            return f"SELECT {', '.join(keys + measures)} FROM ({to_sql(node.source)}){group}"
        case p.Sort():
            by = ", ".join(
                f"{_q(k.name)} {'DESC' if k.descending else 'ASC'} NULLS LAST" for k in node.keys
            )
            return f"SELECT * FROM ({to_sql(node.source)}) ORDER BY {by}"
        case p.Limit():
            return f"SELECT * FROM ({to_sql(node.source)}) LIMIT {node.rows}"
        case p.Project():
            distinct = "DISTINCT " if node.distinct else ""
            cols = ", ".join(_q(c) for c in node.columns)
            return f"SELECT {distinct}{cols} FROM ({to_sql(node.source)})"
        case _:
            raise NotImplementedError(type(node).__name__)


def _column(c: p.ReadColumn) -> str:
    source = _q(c.name)
    if c.clean is p.Clean.NUMBER:
        source = f"regexp_replace({source}, '[\\s,$%]', '', 'g')"
    return f"TRY_CAST({source} AS {_TYPES[c.type]}) AS {_q(c.as_name)}"


def _measure(m: p.Measure) -> str:
    if m.of is None:
        return "count(*)"
    if m.func is p.Func.COUNT_DISTINCT:
        return f"count(DISTINCT {expr(m.of)})"
    return f"{_FUNCS.get(m.func, m.func.value)}({expr(m.of)})"


def expr(e: p.Expr) -> str:
    match e:
        case p.Col(name=name):
            return _q(name)
        case p.Lit(value=value):
            return _literal(value)
        case p.Bucket(unit=unit, of=of) if unit in _PARTS:
            return f"date_part('{_PARTS[unit]}', {expr(of)})"
        case p.Bucket(unit=unit, of=of):
            return f"CAST(date_trunc('{unit.value}', {expr(of)}) AS DATE)"
        case p.Arith(op=op, left=left, right=right):
            other = f"nullif({expr(right)}, 0)" if op is p.ArithOp.DIVIDE else expr(right)
            return f"({expr(left)} {op.value} {other})"
    raise NotImplementedError(e)


def predicate(w: p.Predicate) -> str:
    match w:
        case p.Compare(op=op, left=left, right=right, fold=fold):
            sides = [expr(left), expr(right)]
            if fold:
                sides = [f"lower({s})" for s in sides]
            return f"({sides[0]} {op.value} {sides[1]})"
        case p.Between(of=of, low=low, high=high, half_open=half):
            upper = "<" if half else "<="
            return f"({expr(of)} >= {expr(low)} AND {expr(of)} {upper} {expr(high)})"
        case p.OneOf(of=of, values=values, fold=fold):
            side = f"lower({expr(of)})" if fold else expr(of)
            listed = ", ".join(f"lower({expr(v)})" if fold else expr(v) for v in values)
            return f"({side} IN ({listed}))"
        case p.Match(how=how, of=of, text=text):
            return f"({expr(of)} ILIKE {_literal(_LIKE[how].format(text))})"
        case p.IsNull(of=of):
            return f"({expr(of)} IS NULL)"
        case p.Not(of=of):
            return f"(NOT {predicate(of)})"
        case p.AllOf(of=parts):
            return "(" + " AND ".join(map(predicate, parts)) + ")"
        case p.AnyOf(of=parts):
            return "(" + " OR ".join(map(predicate, parts)) + ")"
    raise NotImplementedError(w)


def _q(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(value: p.Scalar) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else repr(value)
