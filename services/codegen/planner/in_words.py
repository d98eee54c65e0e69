"""A plan's steps as sentences, in the order of execution: for people, not for machines."""

from collections.abc import Iterator

from services.codegen.planner import plan as p
from services.codegen.planner.render.normal import children

_FUNCS = {
    p.Func.COUNT_DISTINCT: "number of different",
    p.Func.AVG: "average of",
    p.Func.SUM: "total of",
    p.Func.MIN: "minimum of",
    p.Func.MAX: "maximum of",
    p.Func.STDDEV: "standard deviation of",
}
_HOW = {
    p.How.INNER: "join {0} with {1} on {2}; rows without a partner are left out",
    p.How.LEFT: "join {0} with {1} on {2}; rows of {0} without a partner stay",
    p.How.SEMI: "keep the rows of {0} that have a partner in {1} on {2}",
    p.How.ANTI: "keep the rows of {0} that have no partner in {1} on {2}",
    p.How.CROSS: "put the one row of {1} beside each row of {0}",
}
_SETS = {
    p.SetOp.UNION: "all different rows of {0} and {1}",
    p.SetOp.UNION_ALL: "all rows of {0} and {1}",
    p.SetOp.INTERSECT: "the rows that are in both {0} and {1}",
    p.SetOp.EXCEPT: "the rows of {0} that are not in {1}",
}


def steps(root: p.Node) -> list[str]:
    """One sentence a step. A step works on the one before it, or on those that it names."""
    return [text[:1].upper() + text[1:] for text in _told(root, [])]


def _told(root: p.Node, said: list[str]) -> list[str]:
    """`said` with the steps of `root`; its last one is the node's own."""
    places = []
    for child in children(root):
        _told(child, said)
        places.append(f"step {len(said)}")
    said.append(_sentence(root, places))
    return said


def _sentence(node: p.Node, places: list[str]) -> str:
    match node:
        case p.Scan():
            return f"read {', '.join(c.name for c in node.columns) or 'rows'} of {node.table.name}"
        case p.Join():
            on = " and ".join(f"{left} = {right}" for left, right in node.pairs)
            return _HOW[node.how].format(*places, on)
        case p.SetOperation():
            return _SETS[node.op].format(*places)
        case p.Filter():
            return f"keep rows where {predicate(node.where)}"
        case p.Derive():
            return f"compute {node.name} = {expression(node.expr)}"
        case p.Aggregate():
            return _aggregate(node)
        case p.Window():
            return _window(node)
        case p.Sort():
            return f"sort by {_order(node.keys)}"
        case p.Limit():
            return f"keep the first {node.rows} row{'s' if node.rows != 1 else ''}"
        case p.Project():
            names = node.names or node.columns
            return f"show {', '.join(names)}{', each row once' if node.distinct else ''}"
        case p.Compute():
            return f"compute {node.task.value.replace('_', ' ')} with {_listed(node.args)}"
        case p.WordCount():
            top = f"; keep the {node.top} most frequent" if node.top else ""
            return f"count the words of {node.column}{top}"


def _aggregate(node: p.Aggregate) -> str:
    measures = ", ".join(f"{_measure(m)} as {m.name}" for m in node.measures)
    keys = ", ".join(expression(k.expr) for k in node.keys)
    if not node.measures:
        return f"keep each {keys} once"
    return f"for each {keys}: {measures}" if keys else f"over all rows: {measures}"


def _measure(m: p.Measure) -> str:
    where = f" where {predicate(m.where)}" if m.where is not None else ""
    if m.of is None:
        return f"number of rows{where}"
    of = expression(m.of)
    if m.other is not None:
        of += f" and {expression(m.other)}"
    func = _FUNCS.get(m.func, f"{m.func.value} of")
    if m.fraction is not None:
        func = f"{m.fraction * 100:g}th percentile of"
    return f"{func} {of}{where}"


def _window(node: p.Window) -> str:
    of = f" of {expression(node.of)}" if node.of is not None else ""
    within = f" within each {', '.join(node.partition)}" if node.partition else ""
    order = f" in the order of {_order(node.order)}" if node.order else ""
    rows = f" over {node.rows} rows" if node.rows else ""
    return f"compute {node.name} = {node.func.value.replace('_', ' ')}{of}{within}{order}{rows}"


def _order(keys: tuple[p.SortKey, ...]) -> str:
    return ", ".join(f"{k.name}{' from high to low' if k.descending else ''}" for k in keys)


def _listed(values: object) -> str:
    parts = values if isinstance(values, tuple) else (values,)
    return ", ".join(str(v) for v in parts) or "nothing given"


def expression(e: p.Expr) -> str:
    """Such as `quantity * unit_price`."""
    match e:
        case p.Col(name):
            return name
        case p.Lit(value):
            return repr(value) if isinstance(value, str) else str(value)
        case p.Bucket(unit, of):
            return f"{unit.value.replace('_', ' ')} of {expression(of)}"
        case p.Arith(op, left, right):
            return f"({expression(left)} {op.value} {expression(right)})"
        case p.Call(fn, of):
            return f"{fn.value.replace('_', ' ')} of {expression(of)}"
        case p.Case(branches, otherwise):
            told = "; ".join(f"{expression(v)} where {predicate(w)}" for w, v in branches)
            return f"({told}; else {expression(otherwise) if otherwise is not None else 'missing'})"


def predicate(w: p.Predicate) -> str:
    """Such as `state is 'Texas' and speed > 100`."""
    return "".join(_said(w))


def _said(w: p.Predicate) -> Iterator[str]:
    match w:
        case p.Compare(op, left, right):
            sign = {"=": "is", "!=": "is not"}.get(op.value, op.value)
            yield f"{expression(left)} {sign} {expression(right)}"
        case p.Between(of, low, high, half_open):
            to = "up to before" if half_open else "to"
            yield f"{expression(of)} is from {expression(low)} {to} {expression(high)}"
        case p.OneOf(of, values):
            yield f"{expression(of)} is one of {', '.join(expression(v) for v in values)}"
        case p.Match(how, of, text):
            yield f"{expression(of)} {how.value} {text!r}"
        case p.IsNull(of):
            yield f"{expression(of)} is missing"
        case p.Not(p.IsNull(of)):
            yield f"{expression(of)} is not missing"
        case p.Not(of):
            yield f"not ({predicate(of)})"
        case p.AllOf(of):
            yield " and ".join(_grouped(part) for part in of)
        case p.AnyOf(of):
            yield " or ".join(_grouped(part) for part in of)


def _grouped(w: p.Predicate) -> str:
    return f"({predicate(w)})" if isinstance(w, p.AllOf | p.AnyOf) else predicate(w)
