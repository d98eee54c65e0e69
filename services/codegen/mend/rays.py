"""Ray: remote functions that are called as plain ones, values that were not fetched, clusters."""

import re
from collections.abc import Iterator

import libcst as cst

from arclight.contracts.finding import Finding
from services.codegen.mend import insert, look
from services.codegen.mend.change import Case, Change
from services.codegen.mend.tree import Edit, Tree

_REMOTE = re.compile(r"try '(?:[\w.<>]*\.)?(\w+)\.remote\(\)'")


def no_import(case: Case, finding: Finding) -> Iterator[Change]:
    """RAY001: a Ray program without `import ray`."""
    yield Change((insert.importing(case.tree, "import ray"),), "`import ray` is added.")


def init_again(case: Case, finding: Finding) -> Iterator[Change]:
    """RAY002: a second `ray.init()` is left out, or made harmless where it cannot be."""
    for call in _inits(case.tree):
        if case.tree.line(call) != finding.line or case.tree.lines(call)[0] < 1:
            continue
        statement = case.tree.parent(case.tree.parent(call) or call)
        if isinstance(statement, cst.SimpleStatementLine) and len(statement.body) == 1:
            start, end = case.tree.line_start(statement), case.tree.line_end(statement)
            yield Change((Edit(start, end, ""),), "The second ray.init() is left out.")
        yield _ignoring(case.tree, call)


def _ignoring(tree: Tree, call: cst.Call) -> Change:
    end = tree.span(call)[1] - 1
    comma = ", " if call.args else ""
    edit = Edit(end, end, f"{comma}ignore_reinit_error=True")
    return Change((edit,), "The second ray.init() does nothing when Ray runs already.")


def init_running(case: Case) -> Iterator[Change]:
    """A RuntimeError of a second `ray.init()`."""
    if "ray.init" in case.failure.message and "twice" in case.failure.message:
        for call in _inits(case.tree)[1:]:
            yield _ignoring(case.tree, call)


def _inits(tree: Tree) -> list[cst.Call]:
    return [c for c in look.calls(tree, "init") if look.dotted(tree, c.func) == "ray.init"]


def cluster(case: Case, finding: Finding) -> Iterator[Change]:
    """RAY006: the address of one cluster."""
    yield from address(case)


def address(case: Case) -> Iterator[Change]:
    """The address is left out: the platform names the cluster."""
    for call in _inits(case.tree):
        for number, arg in enumerate(call.args):
            named = arg.keyword.value if arg.keyword is not None else None
            if named == "address" or (named is None and number == 0):
                yield Change(
                    (_argument_out(case.tree, call, number),),
                    "The cluster's address is left out: the platform chooses where Ray runs.",
                )


def _argument_out(tree: Tree, call: cst.Call, number: int) -> Edit:
    start = tree.span(call.args[number])[0]
    if number + 1 < len(call.args):
        return Edit(start, tree.span(call.args[number + 1])[0], "")
    if number:
        before = call.args[number - 1]
        return Edit(tree.outer(before.value)[1], tree.outer(call.args[number].value)[1], "")
    return Edit(start, tree.span(call)[1] - 1, "")


# --- calls -------------------------------------------------------------------------------------


def called_directly(case: Case, finding: Finding) -> Iterator[Change]:
    """RAY003: `f(1)` of a remote function."""
    name = finding.message.partition("(")[0]
    yield from _remotely(case.tree, name)


def direct_call(case: Case) -> Iterator[Change]:
    """The same as Ray says it: "Remote functions cannot be called directly"."""
    found = _REMOTE.search(case.failure.message)
    if found:
        yield from _remotely(case.tree, found[1])


def _remotely(tree: Tree, name: str) -> Iterator[Change]:
    ray, imports = insert.module(tree, "ray", "import ray as {}", "ray")
    actor = any(d.name.value == name for d in tree.nodes(cst.ClassDef))
    edits: list[Edit] = []
    for call in look.calls(tree, name):
        if isinstance(call.func, cst.Name):
            end = tree.span(call.func)[1]
            edits.append(Edit(end, end, ".remote"))
            if not actor and not _is_fetched(tree, call):
                edits += insert.wrapped(tree, call, f"{ray}.get(", ")")
    if edits:
        how = f"{name}.remote(…)" if actor else f"ray.get({name}.remote(…))"
        yield Change((*imports, *edits), f"{name}() is now {how}: it is remote.")


def _is_fetched(tree: Tree, node: cst.CSTNode) -> bool:
    """True within `ray.get(…)` or `ray.wait(…)`, where the reference itself is wanted."""
    outer = (n for n in tree.above(node) if isinstance(n, cst.Call))
    return any(look.dotted(tree, c.func) in ("ray.get", "ray.wait") for c in outer)


def not_remote(case: Case, finding: Finding) -> Iterator[Change]:
    """RAY004: `f.remote(1)` of a plain function."""
    found = re.search(r"(\w+)\.remote", finding.message)
    if found:
        yield from _decorated(case.tree, found[1])


def plain_function(case: Case) -> Iterator[Change]:
    """The same as Python says it: a function or a class has no attribute `remote`."""
    if "no attribute 'remote'" not in case.failure.message:
        return
    plain = {d.name.value for d in _definitions(case.tree)}
    for call in look.calls(case.tree, "remote"):
        on = look.receiver(call)
        here = look.around(case.tree, call, case.failure.line)
        if here and isinstance(on, cst.Name) and on.value in plain:
            yield from _decorated(case.tree, on.value)


def _decorated(tree: Tree, name: str) -> Iterator[Change]:
    ray, imports = insert.module(tree, "ray", "import ray as {}", "ray")
    for node in _definitions(tree):
        first = node.decorators[0] if node.decorators else node
        indent = tree.indent(first)
        if node.name.value == name and not indent.strip():
            at = tree.line_start(first)
            edit = Edit(at, at, f"{indent}@{ray}.remote{tree.newline}")
            said = f"@ray.remote stands above {name}, which is called by .remote."
            yield Change((*imports, edit), said)


def _definitions(tree: Tree) -> list[cst.FunctionDef | cst.ClassDef]:
    return [*tree.nodes(cst.FunctionDef), *tree.nodes(cst.ClassDef)]


def not_fetched(case: Case) -> Iterator[Change]:
    """An ObjectRef is used as if it were the value: it is fetched where it is made."""
    if "ObjectRef" not in case.failure.message:
        return
    tree, line = case.tree, case.failure.line
    ray, imports = insert.module(tree, "ray", "import ray as {}", "ray")
    used = {n.value for n in tree.nodes(cst.Name) if look.around(tree, n, line)}
    edits: list[Edit] = []
    statements: list[cst.Assign | cst.Return | cst.Expr] = [
        *tree.nodes(cst.Assign),
        *tree.nodes(cst.Return),
        *tree.nodes(cst.Expr),
    ]
    for node in statements:
        value = node.value
        if value is None or not _makes_references(value) or _is_fetched(tree, value):
            continue
        if _targets(node) & used or line in tree.lines(node):
            edits += insert.wrapped(tree, value, f"{ray}.get(", ")")
    edits = edits or [
        e
        for call in look.calls(tree, "remote")
        if look.around(tree, call, line) and not _is_fetched(tree, call) and _is_task(call)
        for e in insert.wrapped(tree, call, f"{ray}.get(", ")")
    ]
    if edits:
        said = "The values are fetched with ray.get(…) before they are used."
        yield Change((*imports, *edits), said)


def _targets(node: cst.CSTNode) -> set[str]:
    """The names that an assignment gives its value to."""
    targets = node.targets if isinstance(node, cst.Assign) else ()
    return {t.target.value for t in targets if isinstance(t.target, cst.Name)}


def _makes_references(value: cst.BaseExpression) -> bool:
    """`f.remote(…)` or a list of such calls."""
    match value:
        case cst.Call():
            return look.method(value) == "remote" and _is_task(value)
        case cst.ListComp(elt=cst.Call() as call):
            return look.method(call) == "remote" and _is_task(call)
        case cst.List(elements=elements):
            found = [e.value for e in elements]
            return bool(found) and all(
                isinstance(v, cst.Call) and look.method(v) == "remote" for v in found
            )
    return False


def _is_task(call: cst.Call) -> bool:
    """An actor's constructor gives a handle, which nobody fetches: classes begin with a capital."""
    on = look.receiver(call)
    return not (isinstance(on, cst.Name) and on.value[:1].isupper())


def smaller_batches(case: Case) -> Iterator[Change]:
    """A worker died or the memory was not enough: batches become a quarter."""
    edits: list[Edit] = []
    for call in look.calls(case.tree, "map_batches", "iter_batches"):
        sizes = [a for a in call.args if a.keyword is not None and a.keyword.value == "batch_size"]
        if not sizes and call.args:
            end = case.tree.outer(call.args[-1].value)[1]
            edits.append(Edit(end, end, ", batch_size=256"))
        for arg in sizes:
            code = case.tree.code(arg.value).replace("_", "")
            size = int(code) if code.isdecimal() and len(code) < 10 else 1024
            edits.append(Edit(*case.tree.outer(arg.value), str(max(1, size // 4))))
    if edits:
        yield Change(tuple(edits), "Batches are smaller: the memory was not enough.")
