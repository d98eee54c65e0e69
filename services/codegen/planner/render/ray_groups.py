"""Helper functions of Ray programs over the rows of one group: windows, medians, correlation."""

from collections.abc import Mapping

_PERCENTILE = '''\
def percentile(groups: pa.ChunkedArray, fraction: float) -> pa.Array:
    """The exact percentile of each list, NULL for a list without values."""
    values = [pc.quantile(group.values, q=fraction)[0].as_py() for group in groups]
    return pa.array(values, pa.float64())'''

_LISTED = '''\
def listed(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The whole column as one list."""
    values = column.combine_chunks()
    return pa.chunked_array([pa.ListArray.from_arrays([0, len(values)], values)])'''

_DEVIATIONS = '''\
def deviations(one: pa.ListScalar, other: pa.ListScalar) -> tuple[np.ndarray, np.ndarray]:
    """How far the values lie from their means, where both are known."""
    pairs = pa.table([one.values, other.values], names=["one", "other"]).drop_null()
    left, right = (column.to_numpy() for column in pairs.columns)
    return (left - left.mean(), right - right.mean()) if len(left) else (left, right)'''

_CORRELATION = '''\
def correlation(ones: pa.ChunkedArray, others: pa.ChunkedArray) -> pa.Array:
    """Pearson's correlation of each pair of lists, NULL where one of them does not vary."""
    values = []
    for one, other in zip(ones, others, strict=True):
        left, right = deviations(one, other)
        spread = math.sqrt((left @ left) * (right @ right))
        values.append((left @ right) / spread if spread else None)
    return pa.array(values, pa.float64())'''

_SLOPE = '''\
def slope(heights: pa.ChunkedArray, places: pa.ChunkedArray) -> pa.Array:
    """The slope of the line by least squares for each pair of lists, NULL where there is none."""
    values = []
    for height, place in zip(heights, places, strict=True):
        rise, run = deviations(height, place)
        values.append((rise @ run) / (run @ run) if run @ run else None)
    return pa.array(values, pa.float64())'''

_CHANGES = '''\
def changes(rows: pa.Table, keys: list[str]) -> np.ndarray:
    """True for each row whose `keys` differ from those of the row before it."""
    found = np.arange(rows.num_rows) == 0
    for key in keys:
        codes = rows[key].combine_chunks().dictionary_encode("encode").indices.to_numpy()
        found[1:] |= codes[1:] != codes[:-1]
    return found'''

_GROUPS = '''\
def groups(rows: pa.Table, keys: list[str]) -> Iterator[pa.Table]:
    """The rows of each group; they lie together."""
    starts = np.flatnonzero(changes(rows, keys)).tolist()
    for start, end in zip(starts, [*starts[1:], rows.num_rows], strict=True):
        yield rows.slice(start, end - start)'''

_ROW_NUMBERS = """\
def row_numbers(rows: pa.Table) -> pa.Array:
    return pa.array(range(1, rows.num_rows + 1), pa.int64())"""

_RANKS = '''\
def ranks(rows: pa.Table, order: list[str]) -> pa.Array:
    """1 for the first rows; rows that tie share a rank, and leave a gap behind them."""
    firsts = changes(rows, order)
    return pa.array(np.flatnonzero(firsts)[np.cumsum(firsts) - 1] + 1, pa.int64())'''

_DENSE_RANKS = '''\
def dense_ranks(rows: pa.Table, order: list[str]) -> pa.Array:
    """1 for the first rows; rows that tie share a rank, and leave no gap."""
    return pa.array(np.cumsum(changes(rows, order)), pa.int64())'''

_SHIFTED = '''\
def shifted(values: pa.ChunkedArray, by: int) -> pa.Array:
    """The values `by` rows before, or after where it is negative; NULL where there is no row."""
    size, gap = len(values), pa.nulls(min(abs(by), len(values)), values.type)
    kept = values.slice(max(-by, 0), max(size - abs(by), 0)).combine_chunks()
    return pa.concat_arrays([gap, kept] if by > 0 else [kept, gap])'''

_RUNNING = '''\
def running(values: pa.ChunkedArray, measure: Callable[..., pa.Array]) -> pa.Array:
    """The measure of the values up to each row; a missing value changes nothing."""
    return pc.fill_null_forward(measure(values.combine_chunks(), skip_nulls=True))'''

_ACCUMULATED = '''\
def accumulated(values: pa.ChunkedArray, join: Callable[[Any, Any], Any]) -> pa.Array:
    """The values up to each row, joined two by two; a missing value changes nothing."""

    def joined(total: Any, value: Any) -> Any:
        return total if value is None else value if total is None else join(total, value)

    return pa.array(accumulate(values.to_pylist(), joined), values.type)'''

_MOVING = '''\
def moving(values: pa.ChunkedArray, size: int, measure: Callable[..., pa.Scalar]) -> pa.Array:
    """The measure of the last `size` values at each row, its own among them."""
    ends = range(1, len(values) + 1)
    found = [measure(values.slice(max(end - size, 0), min(size, end))) for end in ends]
    return pa.array(found, measure(values).type)'''

GROUP_HELPERS: Mapping[str, str] = {
    "percentile": _PERCENTILE,
    "listed": _LISTED,
    "deviations": _DEVIATIONS,
    "correlation": _CORRELATION,
    "slope": _SLOPE,
    "changes": _CHANGES,
    "groups": _GROUPS,
    "row_numbers": _ROW_NUMBERS,
    "ranks": _RANKS,
    "dense_ranks": _DENSE_RANKS,
    "shifted": _SHIFTED,
    "running": _RUNNING,
    "accumulated": _ACCUMULATED,
    "moving": _MOVING,
}
"""In the order in which they stand in a program."""
