"""SEC004's finer cases: names and functions that are handed around until no rule sees their use."""

import ast
import re
from collections.abc import Iterator

from services.validator.analysis.facts import Facts
from services.validator.analysis.words import words
from services.validator.rules import sec_lists as lists
from services.validator.rules.rule import Hit

_MODULES = words("os sys io shutil builtins platform tempfile pathlib gc types operator logging")
"""Modules that lead to files and processes: whoever holds one as a value reaches all of it."""
_FUNCTIONS = words(
    "builtins.getattr builtins.setattr builtins.delattr builtins.open builtins.vars io.open"
)
_IN_FORMAT = re.compile(r"\{[\w.\[\]]*?\.(__\w+__|[fg]_\w+|tb_\w+|gi_\w+|co_\w+)")
_PLAIN_NAMES = words("__name__ __file__ __doc__ __annotations__ __debug__")
_OBJECTS = re.compile(
    r"gc\.(get_objects|get_referrers|get_referents)|types\.(CodeType|FunctionType|FrameType"
    r"|ModuleType|MethodType)|typing\.(get_type_hints|ForwardRef)"
)
_FUNCTION_MODULES = re.compile(
    r"(pyspark\.sql\.(functions|types)|numpy|math|statistics|pyarrow\.compute|pandas)(\..*)?"
)
"""Collections of functions, from which one is picked by name often and without harm."""


def hidden(facts: Facts) -> Iterator[Hit]:
    """What hides the use of something behind a value or a text."""
    yield from _handed_around(facts)
    yield from _names(facts)
    yield from _formats(facts)
    yield from _patterns(facts)
    yield from _computed_attributes(facts)


def _handed_around(facts: Facts) -> Iterator[Hit]:
    for node, dotted in facts.global_names:
        parent = facts.program.parents.get(node)
        if dotted in _MODULES and not _is_followed(facts, node, parent):
            yield Hit(node, f"The module {dotted} is handed around as a value.")
        elif dotted in _FUNCTIONS and not _is_called(facts, node, parent):
            yield Hit(node, f"{dotted.rpartition('.')[2]} is handed around as a value.")
        elif _OBJECTS.fullmatch(dotted):
            yield Hit(node, f"The program uses {dotted}, which leads to every object.")


def _is_followed(facts: Facts, node: ast.AST, parent: ast.AST | None) -> bool:
    """True for `os.path`, and for `o = os`."""
    match parent:
        case ast.Assign(value=value, targets=[ast.Name()]):
            of_class = isinstance(facts.program.parents.get(parent), ast.ClassDef)
            return value is node and not of_class
    return isinstance(parent, ast.Attribute)


def _is_called(facts: Facts, node: ast.AST, parent: ast.AST | None) -> bool:
    """True for `open(…)`, and for `o = open`."""
    if isinstance(parent, ast.Call):
        return parent.func is node
    return _is_followed(facts, node, parent)


def _names(facts: Facts) -> Iterator[Hit]:
    known = lists.DYNAMIC | lists.NAMESPACES  # They have findings of their own.
    for name in facts.program.names:
        if not name.id.startswith("__") or name.id in _PLAIN_NAMES:
            continue
        if facts.names.bound(name) is None and facts.names.dotted(name) not in known:
            yield Hit(name, f"The program uses {name.id}.")
    for call, callee in facts.callees:
        if callee == "builtins.vars":
            on = call.args[0] if call.args else None
            if on is None or facts.names.dotted(on) is not None:
                yield Hit(call, "The program looks up names of a module as text.")


def _patterns(facts: Facts) -> Iterator[Hit]:
    """`case object(__class__=c)` reads attributes, too."""
    for pattern in facts.program.patterns:
        if any(name.startswith("__") for name in pattern.kwd_attrs):
            yield Hit(pattern, "A pattern reads attributes of Python's internals.")


def _formats(facts: Facts) -> Iterator[Hit]:
    """`"{0.__class__}".format(x)` reads attributes by text."""
    for call in facts.called("format", "format_map"):
        assert isinstance(call.func, ast.Attribute)
        texts = [*facts.fold.strings(call.func.value), *_first_text(facts, call)]
        if any(_IN_FORMAT.search(t) for t in texts):
            yield Hit(call, "A format reads attributes of Python's internals.")


def _first_text(facts: Facts, call: ast.Call) -> frozenset[str]:
    """The text of `string.Formatter().format(text, …)`."""
    return facts.fold.strings(call.args[0]) if call.args else frozenset()


def _computed_attributes(facts: Facts) -> Iterator[Hit]:
    """getattr of the session or of a module by a name that is not known before the run."""
    for call, callee in facts.callees:
        if callee != "builtins.getattr" or len(call.args) < 2:
            continue
        module = facts.names.dotted(call.args[0])
        steps = set(facts.names.steps(call.args[0]))
        of_module = module is not None and not _FUNCTION_MODULES.fullmatch(module)
        if of_module or steps & {"getOrCreate", "sparkContext"}:
            yield Hit(call, "An attribute is picked by a name that only the run knows.")
