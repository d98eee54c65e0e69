"""Whatever the text, the check ends within two seconds and without an exception."""

import ast
import copy
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from arclight.contracts.names import Framework
from services.validator.analysis.program import parse
from services.validator.analysis.words import words
from services.validator.check import check, framework_of
from services.validator.context import Context, Declared
from services.validator.rules.arc import MAX_BYTES
from tests.validator.corpus_files import everything

SECONDS = 2.0
SOURCES = (Declared("birds", "s3://data/birds.csv"), Declared("sales.orders", "", "glue"))
TEXTS = [e.text for e in everything()]
TREES = [parse(e.text) for e in everything() if "ARC001" not in {x.code for x in e.expected}]


def judge(text: str) -> None:
    """Check as every kind of job, and look at the clock of the processor."""
    started = time.process_time()
    for framework in Framework:
        for finding in check(text, Context(framework, SOURCES, brought=True)):
            assert finding.line >= 1
            assert finding.message
    framework_of(text)
    assert time.process_time() - started < SECONDS


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["utf-8", "latin-1", "utf-16"]))
def test_random_bytes_are_judged(data: bytes, encoding: str) -> None:
    judge(data.decode(encoding, errors="surrogateescape" if encoding == "utf-8" else "replace"))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(TEXTS), st.text(max_size=20), st.integers(0, 3000), st.integers(0, 40))
def test_text_put_into_a_program_is_judged(text: str, put: str, at: int, over: int) -> None:
    at = min(at, len(text))
    judge(text[:at] + put + text[at + over :])


@st.composite
def spliced(draw: st.DrawFn) -> str:
    """A program of the corpus with expressions and statements of others in the place of its own."""
    tree = copy.deepcopy(draw(st.sampled_from(TREES)))
    for _ in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from([ast.expr, ast.stmt]))
        mine = [n for n in ast.walk(tree) if isinstance(n, kind)]
        other = draw(st.sampled_from(TREES))
        theirs = [n for n in ast.walk(other) if isinstance(n, kind)]
        if mine and theirs:
            old = mine[draw(st.integers(0, len(mine) - 1))]
            new = copy.deepcopy(theirs[draw(st.integers(0, len(theirs) - 1))])
            _replace(tree, old, new)
    return unparsed(tree)


def _replace(tree: ast.AST, old: ast.AST, new: ast.AST) -> None:
    for parent in ast.walk(tree):
        for field, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, field, new)
                return
            if isinstance(value, list) and old in value:
                value[value.index(old)] = new
                return


def unparsed(tree: ast.AST) -> str:
    """The tree as text; some trees have none, and then it is an empty program."""
    try:
        return ast.unparse(ast.fix_missing_locations(tree))
    except (ValueError, TypeError, AttributeError, RecursionError):
        return ""


@settings(max_examples=200, deadline=None)
@given(spliced())
def test_trees_grown_together_are_judged(text: str) -> None:
    judge(text)


WORDS = sorted(
    words(
        "os sys spark ray pd np F df rows args getattr eval open __import__ sql table read csv "
        "load write parquet output config get remote init options system join format map partial "
        "_jvm __class__ environ a b f g self range list str chr"
    )
)
TEXT = st.sampled_from(["", "os", "sql", "__class__", "s3://data/birds.csv", "/etc/passwd", "%s"])
NAME = st.sampled_from(WORDS)
LEAF = st.one_of(
    NAME.map(lambda n: ast.Name(n, ast.Load())),
    st.one_of(TEXT, st.integers(-9, 2**40), st.binary(max_size=3), st.none()).map(ast.Constant),
)


def grown(inner: st.SearchStrategy[ast.expr]) -> st.SearchStrategy[ast.expr]:
    """Expressions around expressions."""
    few = st.lists(inner, max_size=3)
    keywords = st.lists(st.builds(ast.keyword, st.none() | NAME, inner), max_size=2)
    loads = st.builds(ast.Load)
    operator = st.sampled_from([ast.Add(), ast.Mod(), ast.Div(), ast.Mult(), ast.BitXor()])
    target = NAME.map(lambda n: ast.Name(n, ast.Store()))
    over = st.builds(ast.comprehension, target, inner, st.lists(inner, max_size=1), st.just(0))
    no_arguments = ast.arguments([], [ast.arg("a")], None, [], [], None, [])
    return st.one_of(
        st.builds(ast.Call, inner, few, keywords),
        st.builds(ast.Attribute, inner, NAME, loads),
        st.builds(ast.Subscript, inner, inner, loads),
        st.builds(ast.BinOp, inner, operator, inner),
        st.builds(ast.List, few, loads),
        few.map(lambda v: ast.Dict([ast.Constant(str(i)) for i in range(len(v))], v)),
        st.builds(ast.ListComp, inner, st.lists(over, min_size=1, max_size=2)),
        st.builds(ast.Lambda, st.just(no_arguments), inner),
        st.builds(ast.IfExp, inner, inner, inner),
        st.builds(ast.NamedExpr, target, inner),
        few.map(lambda v: ast.JoinedStr([ast.FormattedValue(e, -1) for e in v])),
        st.builds(ast.Starred, inner, loads),
    )


EXPRESSION = st.recursive(LEAF, grown, max_leaves=12)


def blocks(inner: st.SearchStrategy[ast.stmt]) -> st.SearchStrategy[ast.stmt]:
    """Statements around statements."""
    body = st.lists(inner, min_size=1, max_size=3)
    target = NAME.map(lambda n: ast.Name(n, ast.Store()))
    handler = st.builds(ast.ExceptHandler, st.none() | EXPRESSION, st.none(), body)
    arguments = st.builds(
        lambda names: ast.arguments([], [ast.arg(n) for n in names], None, [], [], None, []),
        st.lists(NAME, max_size=2, unique=True),
    )
    decorators = st.lists(EXPRESSION, max_size=1)
    return st.one_of(
        st.builds(ast.If, EXPRESSION, body, body),
        st.builds(ast.For, target, EXPRESSION, body, st.just([])),
        st.builds(ast.While, EXPRESSION, body, st.just([])),
        st.builds(ast.Try, body, st.lists(handler, min_size=1, max_size=2), st.just([]), body),
        st.builds(ast.FunctionDef, NAME, arguments, body, decorators),
        st.builds(ast.ClassDef, NAME, st.just([]), st.just([]), body, decorators),
    )


STORE = NAME.map(lambda n: ast.Name(n, ast.Store()))
STATEMENT = st.recursive(
    st.one_of(
        EXPRESSION.map(ast.Expr),
        EXPRESSION.map(ast.Return),
        st.builds(ast.Assign, NAME.map(lambda n: [ast.Name(n, ast.Store())]), EXPRESSION),
        st.builds(
            ast.AugAssign,
            NAME.map(lambda n: ast.Name(n, ast.Store())),
            st.just(ast.Add()),
            EXPRESSION,
        ),
        NAME.map(lambda n: ast.Import([ast.alias(n)])),
        NAME.map(lambda n: ast.Global([n])),
    ),
    blocks,
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(st.lists(STATEMENT, min_size=1, max_size=8))
def test_trees_from_nothing_are_judged(body: list[ast.stmt]) -> None:
    judge(unparsed(ast.Module(body, [])))


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(TEXTS))
def test_a_program_many_times_over_is_judged_in_time(text: str) -> None:
    whole = (text * (MAX_BYTES // max(len(text), 1) + 1)).encode()[:MAX_BYTES]
    long = whole.decode(errors="ignore").rpartition("\n")[0] + "\n"
    started = time.process_time()
    check(long, Context(Framework.SPARK, SOURCES))
    assert time.process_time() - started < SECONDS
