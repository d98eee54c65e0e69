"""SEC: what no program may do. A quality gate that explains; the cage is the boundary."""

import ast
from collections.abc import Iterator
from functools import lru_cache

from arclight.contracts.names import Severity
from services.validator.analysis.facts import Facts
from services.validator.analysis.fold import known
from services.validator.context import Context
from services.validator.rules import sec_lists as lists
from services.validator.rules.examples import SESSION
from services.validator.rules.rule import Hit, Rule
from services.validator.rules.sec_hidden import hidden

_OUTSIDE = (
    "A program reads its sources and writes its answer; it needs nothing else of the machine."
)


def _imports(facts: Facts, context: Context) -> Iterator[Hit]:
    for found in facts.program.imports:
        if lists.DANGEROUS.fullmatch(found.dotted):
            continue
        root = found.root or "."
        if root not in lists.ALLOWED:
            yield Hit(
                found.node,
                f"The module {root} may not be imported."
                if found.root
                else "A relative import cannot work: the program is one file.",
            )


def _dangerous(facts: Facts, context: Context) -> Iterator[Hit]:
    for found in facts.program.imports:
        module, _, name = found.dotted.rpartition(".")
        if name == "*" and module in lists.NO_STAR:
            yield Hit(found.node, f"The program imports everything of {module}.")
        carried = _carries(found.dotted)
        if carried or lists.DANGEROUS.fullmatch(found.dotted):
            yield Hit(found.node, f"The program imports {found.dotted}.")
    for call in facts.called("pipe"):
        command = facts.fold.strings(call.args[0]) if call.args else frozenset()
        if known(command) or "rdd" in facts.names.steps(call.func):
            yield Hit(call, "The program pipes rows through a process.")
    for node, dotted in facts.global_names:
        above = facts.program.parents.get(node)
        whole = isinstance(above, ast.Attribute) and _forbidden(f"{dotted}.{above.attr}")
        if not whole and not dotted.startswith("builtins.") and _forbidden(dotted):
            yield Hit(node, f"The program uses {dotted}.")


def _carries(dotted: str) -> bool:
    """True for `pathlib.os` and `random._os`."""
    return any(part.lstrip("_") in lists.CARRIED for part in dotted.split(".")[1:])


@lru_cache(maxsize=4096)
def _forbidden(dotted: str) -> bool:
    """True for a name that leaves the program; os.environ has a rule of its own."""
    if _carries(dotted):
        return True
    head, _, rest = dotted.partition(".")
    first = rest.partition(".")[0]
    if head == "os" and first:
        return first not in lists.OS_ALLOWED and not lists.ENVIRONMENT.fullmatch(dotted)
    if head == "sys" and first:
        return first not in lists.SYS_ALLOWED and first not in lists.DUNDERS
    if lists.DANGEROUS.fullmatch(dotted):
        return dotted.count(".") <= (2 if dotted.startswith("ray.util.") else 1)
    return lists.PROCESS.fullmatch(dotted) is not None


def _dynamic(facts: Facts, context: Context) -> Iterator[Hit]:
    for name in facts.program.names:
        if facts.names.dotted(name) in lists.DYNAMIC:
            yield Hit(name, f"The program runs text as code with {name.id}.")
    for call in facts.called("query", "eval"):
        texts = facts.fold.strings(call.args[0]) if call.args else frozenset()
        if any(lists.IN_QUERY.search(t) for t in texts):
            yield Hit(call, "A query of pandas reaches into Python's objects.")
    for write in facts.writes.found:
        if any(lists.CODE_FILE.fullmatch(p) for p in facts.fold.strings(write.path)):
            yield Hit(write.call, "The program writes a file that can be run.")


def _introspection(facts: Facts, context: Context) -> Iterator[Hit]:
    for node in facts.program.attributes:
        inside = node.attr in lists.DUNDERS or _class_walk(facts, node)
        if inside or _private_of_module(facts, node):
            yield Hit(node, f"The program reaches into Python's internals with .{node.attr}.")
    for name in facts.program.names:
        if facts.names.dotted(name) in lists.NAMESPACES:
            yield Hit(name, f"The program uses {name.id}.")
    for call, callee in facts.callees:
        if callee in _BY_TEXT or callee in _GETTERS:
            yield from _attribute_by_text(facts, call)
    yield from hidden(facts)


def _private_of_module(facts: Facts, node: ast.Attribute) -> bool:
    """True for random._os: a module's private names lead to other modules."""
    private = node.attr.startswith("_") and not node.attr.startswith("__")
    return private and node.attr not in lists.JVM and facts.names.dotted(node.value) is not None


def _class_walk(facts: Facts, node: ast.Attribute) -> bool:
    """True for .__class__ and .__dict__, apart from the harmless .__class__.__name__."""
    if node.attr not in ("__class__", "__dict__"):
        return False
    above = facts.program.parents.get(node)
    named = isinstance(above, ast.Attribute) and above.attr in ("__name__", "__qualname__")
    return not named


_BY_TEXT = frozenset("builtins." + n for n in ("getattr", "setattr", "delattr", "hasattr", "vars"))


_GETTERS = frozenset({"operator.attrgetter", "operator.methodcaller"})


def _attribute_by_text(facts: Facts, call: ast.Call) -> Iterator[Hit]:
    callee = facts.names.callee(call)
    if callee in _BY_TEXT and len(call.args) >= 2:
        on, texts = facts.names.dotted(call.args[0]), facts.fold.strings(call.args[1])
    elif callee in _GETTERS and call.args:
        on, texts = None, facts.fold.strings(call.args[0])
    else:
        return
    if on is not None and on.partition(".")[0] in ("os", "sys", "builtins", "shutil", "io"):
        yield Hit(call, f"The program picks an attribute of {on} by its name as text.")
    elif any(
        part in lists.DUNDERS or part.startswith("__") or part in lists.JVM
        for t in texts
        for part in t.split(".")
    ):
        yield Hit(call, "The program reaches Python's internals by a name as text.")


def _jvm(facts: Facts, context: Context) -> Iterator[Hit]:
    for node in facts.program.attributes:
        if node.attr in lists.JVM:
            yield Hit(node, f"The program reaches into Spark's JVM with .{node.attr}.")


RULES: tuple[Rule[Facts], ...] = (
    Rule(
        code="SEC001",
        title="Only known modules",
        severity=Severity.ERROR,
        why="Other modules are not installed where the program runs, or have not been reviewed.",
        bad="import sklearn\n",
        good="import numpy\n",
        hint="Use the standard library, pyspark, ray, pyarrow, pandas or numpy.",
        check=_imports,
    ),
    Rule(
        code="SEC002",
        title="No processes, network or native code",
        severity=Severity.ERROR,
        why=_OUTSIDE,
        bad="import os\nos.system('ls')\n",
        good="import os\nos.makedirs('out', exist_ok=True)\n",
        hint="Leave it out: the platform provides sources, credentials and processes.",
        check=_dangerous,
    ),
    Rule(
        code="SEC003",
        title="No code from text",
        severity=Severity.ERROR,
        why="What runs must be what was checked and shown.",
        bad="eval('1 + 1')\n",
        good="print(1 + 1)\n",
        hint="Write the expression out.",
        check=_dynamic,
    ),
    Rule(
        code="SEC004",
        title="No way around through Python's internals",
        severity=Severity.ERROR,
        why="These attributes lead from any object to every loaded module.",
        bad="print(().__class__.__bases__[0].__subclasses__())\n",
        good="print(type(()).__name__)\n",
        hint="Use the public interface of the object.",
        check=_introspection,
    ),
    Rule(
        code="SEC005",
        title="No access to the JVM",
        severity=Severity.ERROR,
        why="The JVM can start processes and open files, and Spark Connect has none to offer.",
        bad=f"{SESSION}spark._jvm.java.lang.System.exit(0)\n",
        good=f"{SESSION}print(spark.version)\n",
        hint="Use the functions of pyspark.sql.",
        check=_jvm,
    ),
)
