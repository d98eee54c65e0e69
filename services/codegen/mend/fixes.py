"""What the validator says a machine may do: its fixes, and its candidates for a name."""

import re
from collections.abc import Iterator

import libcst as cst

from arclight.contracts.finding import Finding
from services.codegen.mend import look, names, sql
from services.codegen.mend.alike import ranked
from services.codegen.mend.change import Case, Change
from services.codegen.mend.tree import Edit


def fix(case: Case, finding: Finding) -> Iterator[Change]:
    """The finding's own fix, as it is."""
    given = finding.fix
    if given is None:
        return
    start = case.tree.offset(given.line, given.column)
    end = case.tree.offset(given.end_line, given.end_column)
    if start is None or end is None or start > end:
        return
    try:
        old = case.tree.data[start:end].decode()
    except UnicodeDecodeError:
        return
    left, right = _alike(old, given.text)
    was, now = old[left : len(old) - right], given.text[left : len(given.text) - right]
    start, end = start + len(old[:left].encode()), end - len(old[len(old) - right :].encode())
    what = f"{was!r} is now {now!r}" if was.strip() else f"{now.strip()!r} is added"
    yield Change((Edit(start, end, now),), f"{what}: {_why(finding)}")


def _alike(old: str, new: str) -> tuple[int, int]:
    """How many characters at the left and at the right stay, in whole words: two fixes of one
    SQL text go together when each touches no more than its own word."""
    left = _same(old, new)
    while left and _is_word(old[left - 1]):
        left -= 1
    right = _same(old[left:][::-1], new[left:][::-1])
    while right and _is_word(old[len(old) - right]):
        right -= 1
    return left, right


def _same(one: str, other: str) -> int:
    """How many characters both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def candidate(case: Case, finding: Finding) -> Iterator[Change]:
    """An unknown name at the finding's place, as each of the candidates."""
    at = case.tree.offset(finding.line, finding.column)
    quoted = re.search(r"['`\"](.+?)['`\"]", finding.message)
    if at is None or quoted is None:
        return
    for meant in ranked(quoted[1], finding.candidates)[:3]:
        edits = tuple(_there(case, at, quoted[1], meant))
        if edits:
            yield Change(edits[:1], f"{quoted[1]!r} is now {meant!r}: {_why(finding)}")


def _there(case: Case, at: int, name: str, meant: str) -> Iterator[Edit]:
    """The name in the node that begins at the place, or in the SQL around it."""
    for node in case.tree.nodes(cst.SimpleString, cst.Name, cst.Attribute):
        start, end = case.tree.span(node)
        if start <= at < end and look.text_of(node) == name:
            yield Edit(start, end, look.quoted(meant, case.tree.code(node)))
        elif start <= at < end and isinstance(node, cst.Attribute) and node.attr.value == name:
            yield Edit(*case.tree.span(node.attr), meant)
    line = case.tree.line_of(at)
    yield from sql.replace(sql.pieces(case.tree, line), sql.word(name), lambda _: sql.column(meant))


def _why(finding: Finding) -> str:
    return finding.message if finding.message.endswith(".") else f"{finding.message}."


def unknown_module(case: Case, finding: Finding) -> Iterator[Change]:
    """SEC001: a module that programs may not import, spelt nearly as one that they may."""
    named = [a.name for a in case.tree.nodes(cst.ImportAlias)]
    named += [f.module for f in case.tree.nodes(cst.ImportFrom) if f.module is not None]
    for name in named:
        if finding.line in case.tree.lines(name):
            yield from names.module(case.tree, case.tree.code(name))


def other_framework(case: Case, finding: Finding) -> Iterator[Change]:
    """ARC005: the import of the other framework is left out, if nothing uses it."""
    tree = case.tree
    for line in tree.nodes(cst.SimpleStatementLine):
        aliases = [a for small in line.body for a in _aliases(small)]
        if finding.line not in tree.lines(line) or len(line.body) != 1 or not aliases:
            continue
        bound = {a.evaluated_alias or a.evaluated_name.partition(".")[0] for a in aliases}
        used = {n.value for n in tree.nodes(cst.Name) if line not in tree.above(n)}
        if not bound & used:
            edit = Edit(tree.line_start(line), tree.line_end(line), "")
            yield Change((edit,), f"`{tree.code(line)}` is left out: nothing uses it here.")


def _aliases(statement: cst.BaseSmallStatement) -> tuple[cst.ImportAlias, ...]:
    """What an import statement imports by name."""
    if not isinstance(statement, cst.Import | cst.ImportFrom):
        return ()
    return () if isinstance(statement.names, cst.ImportStar) else tuple(statement.names)


def nothing_runs(case: Case, finding: Finding) -> Iterator[Change]:
    """ARC006: `main` is defined and nobody calls it."""
    mains = [n for n in case.tree.module.body if isinstance(n, cst.FunctionDef)]
    for node in mains:
        required = [p for p in node.params.params if p.default is None]
        if node.name.value == "main" and not required and node.asynchronous is None:
            nl = case.tree.newline
            end = len(case.tree.data)
            start = "" if case.tree.text.endswith(("\n", "\r")) else nl
            text = f'{start}{nl}{nl}if __name__ == "__main__":{nl}    main(){nl}'
            yield Change((Edit(end, end, text),), "main() is called at the end: nobody did.")
