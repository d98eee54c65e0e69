"""Files and tables that are not there: read where the declared source lies."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote, urlparse

import libcst as cst

from arclight.catalog.profile import TableProfile
from arclight.contracts.finding import Finding
from services.codegen.mend import insert, look, sql
from services.codegen.mend.alike import clear
from services.codegen.mend.change import Case, Change
from services.codegen.mend.tree import Edit

_VIEWS = ("createOrReplaceTempView", "createTempView", "registerTempTable", "createGlobalTempView")
_NOT_FOUND = re.compile(r"(?:FileNotFoundError: (?!\[)|directory: ?')(?P<path>[^'\n]+)")
_DATA = re.compile(r"\.(csv|tsv|json|jsonl|ndjson|parquet)(\.gz)?\Z", re.IGNORECASE)
_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")


def missing_path(case: Case) -> Iterator[Change]:
    """Spark, Ray or Python found no file at a path of the program."""
    said = case.detail("path", "filename")
    if not said:
        found = _NOT_FOUND.search(case.failure.message)
        said = found["path"] if found else ""
    yield from _read_instead(case, said)


def undeclared(case: Case, finding: Finding) -> Iterator[Change]:
    """PRV002: the program reads something that was not declared."""
    found = _QUOTED.search(finding.message)
    target = (found[1] or found[2]) if found else ""
    if "table" in finding.message:
        yield from _table(case, target)
    else:
        yield from _read_instead(case, target)


def none_read(case: Case, finding: Finding) -> Iterator[Change]:
    """PRV001: no source is read; the one place that looks like a file is read from it."""
    texts = [t for n in case.tree.nodes(cst.SimpleString) if (t := look.text_of(n))]
    files = list(dict.fromkeys(t for t in texts if _is_data(t)))
    if len(files) == 1:
        yield from _read_instead(case, files[0])


def _is_data(text: str) -> bool:
    return _DATA.search(text) is not None


def _read_instead(case: Case, path: str) -> Iterator[Change]:
    """The declared source that the path is about, in all places that name the path."""
    source = _source(case, path)
    if source is None or not path:
        return
    edits = tuple(
        Edit(*case.tree.span(node), look.quoted(source.uri, case.tree.code(node)))
        for node in case.tree.nodes(cst.SimpleString)
        if _same_place(look.text_of(node), path)
    )
    if edits:
        yield Change(edits, f"{path!r} is now the declared source {source.name}: it was not found.")


def _same_place(text: str | None, path: str) -> bool:
    """Engines write the path of the program absolute, and with a scheme."""
    if not text or len(text) < 3:
        return False
    bare = _bare(path)
    return text == path or _bare(text) == bare or bare.endswith("/" + _bare(text).lstrip("./"))


def _bare(uri: str) -> str:
    return re.sub(r"^file:/+", "/", uri)


def _source(case: Case, path: str) -> TableProfile | None:
    """The one source that a path or a table name is about; None when that is not clear."""
    readable = [t for t in case.tables if t.uri]
    name = _stem(path)
    exact = [t for t in readable if name.casefold() in (t.name.casefold(), _stem(t.uri).casefold())]
    if len(exact) == 1:
        return exact[0]
    if len(readable) == 1 and _only(case, path, readable[0]):
        return readable[0]
    meant = clear(name, [t.name for t in readable])
    return next((t for t in readable if t.name == meant), None)


def _only(case: Case, path: str, source: TableProfile) -> bool:
    """True when the only source can only be what the path is about: a file of its kind, and no
    other text of the program is about the source."""
    texts = [t for n in case.tree.nodes(cst.SimpleString) if (t := look.text_of(n))]
    others = {t for t in texts if not _same_place(t, path)}
    known = (source.name.casefold(), _stem(source.uri).casefold())
    return _format(path) == source.format and not any(
        t == source.uri or (_is_data(t) and _stem(t).casefold() in known) for t in others
    )


def _format(path: str) -> str:
    """The format that a file's name says; empty when it says none."""
    found = _DATA.search(path)
    return (
        {"jsonl": "json", "ndjson": "json"}.get(found[1].lower(), found[1].lower()) if found else ""
    )


def _stem(uri: str) -> str:
    last = PurePosixPath(unquote(urlparse(uri).path) or uri).name
    return last.partition(".")[0]


# --- tables ------------------------------------------------------------------------------------


def missing_table(case: Case) -> Iterator[Change]:
    """Spark knows no table or view of this name."""
    name = case.detail("relationName") or _named_in(case.failure.message)
    yield from _table(case, name)


def _named_in(message: str) -> str:
    found = re.search(r"`([^`]+)`(?:\.`([^`]+)`)*", message)
    return found[0].replace("`", "") if found else ""


def _table(case: Case, name: str) -> Iterator[Change]:
    if not name:
        return
    yield from _view(case, name)
    source = _source(case, name.rpartition(".")[2])
    if source is not None:
        yield from _read_by_name(case, name, source)
        yield from _made_a_view(case, name, source)


def _view(case: Case, name: str) -> Iterator[Change]:
    """A view of the program itself, spelt a little differently."""
    made = [c.args[0].value for c in look.calls(case.tree, *_VIEWS) if c.args]
    meant = clear(name, [text for node in made if (text := look.text_of(node))])
    if meant is None:
        return
    texts = sql.everywhere(case.tree, case.failure.line)
    edits = sql.replace(texts, sql.word(name), lambda _: meant)
    for call in look.calls(case.tree, "table"):
        for arg in call.args[:1]:
            if look.text_of(arg.value) == name:
                edits += (Edit(*case.tree.span(arg.value), look.quoted(meant)),)
    if edits:
        yield Change(edits, f"Table {name!r} is now {meant!r}, the view that the program makes.")


def reading(source: TableProfile, session: str = "spark") -> str:
    """The expression that reads a declared source with Spark."""
    uri = look.quoted(source.uri)
    tab = r', sep="\t"' if source.format == "tsv" else ""
    lines = ", multiLine=True" if source.multiline else ""
    match source.format:
        case "parquet":
            return f"{session}.read.parquet({uri})"
        case "json":
            return f"{session}.read.json({uri})"
    return f"{session}.read.csv({uri}, header=True, inferSchema=True{tab}{lines})"


def _read_by_name(case: Case, name: str, source: TableProfile) -> Iterator[Change]:
    """`spark.table("sales")` → `spark.read.csv("…", header=True, …)`."""
    edits = []
    for call in look.calls(case.tree, "table"):
        on = look.receiver(call)
        if on is None or not call.args or look.text_of(call.args[0].value) != name:
            continue
        session = case.tree.code(on).removesuffix(".read")
        edits.append(insert.replaced(case.tree, call, reading(source, session)))
    if edits:
        yield Change(tuple(edits), _said(name, source))


def _made_a_view(case: Case, name: str, source: TableProfile) -> Iterator[Change]:
    """SQL names the source: it becomes a view of that name before the query."""
    tree = case.tree
    for call in look.calls(tree, "sql"):
        on = look.receiver(call)
        statement = tree.statement(call)
        if on is None or statement is None or not look.around(tree, call, case.failure.line):
            continue
        line = f"{reading(source, tree.code(on))}.createOrReplaceTempView({look.quoted(name)})"
        made = insert.before(tree, call, line)
        if made is not None and sql.IDENTIFIER.match(name):
            yield Change((made,), _said(name, source))
            return


def _said(name: str, source: TableProfile) -> str:
    return f"Table {name!r} is read from the declared source {source.name}: nobody had made it."


def exists(case: Case) -> Iterator[Change]:
    """The program writes where something is already, twice to one folder mostly."""
    for call in look.calls(case.tree, "parquet", "csv", "json", "save", "orc"):
        on = look.receiver(call)
        if on is None or not look.around(case.tree, call, case.failure.line):
            continue
        chain = list(look.links(on))
        if not any(isinstance(x, cst.Attribute) and x.attr.value == "write" for x in chain):
            continue
        calls = [c for c in chain if isinstance(c, cst.Call) and c.args]
        modes = [c for c in calls if look.method(c) == "mode"]
        end = case.tree.outer(on)[1]
        edit = (
            Edit(*case.tree.outer(modes[0].args[0].value), '"overwrite"')
            if modes
            else Edit(end, end, '.mode("overwrite")')
        )
        yield Change((edit,), "The answer is written in mode overwrite: the folder was there.")
