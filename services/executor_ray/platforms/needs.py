"""What a program asks of Ray that only a Ray of its own can give, read from its text.

A wrong guess costs time and nothing else: too careful starts a Ray more than necessary, too bold
lets the program wait for resources that the shared Ray does not have until its time is up.
"""

import ast
from collections.abc import Iterator

_OWN_RAY = {
    "resources": "resources of its own",
    "num_gpus": "graphics processors",
    "labels": "labels of its own",
    "_system_config": "settings of Ray's own processes",
    "_temp_dir": "a folder for Ray's files",
    "_node_name": "a name for the node",
    "local_mode": "local mode",
}
"""Arguments of `ray.init()` that shape the Ray itself. CPUs and memory are ours to choose."""
_OWN_PROCESSES = ("ray.serve", "ray.tune", "ray.train", "ray.rllib", "ray.cluster_utils")


def own_ray(program: str) -> str | None:
    """Why it cannot use a Ray that was started before it, in a part of a sentence; or None."""
    try:
        tree = ast.parse(program)
    except (SyntaxError, ValueError):
        return None  # It ends before it reaches Ray.
    for call in _inits(tree):
        for keyword in call.keywords:
            if keyword.arg is None:
                return "it calls ray.init() with arguments that only show when it runs"
            if keyword.arg in _OWN_RAY and not _is_nothing(keyword.value):
                return f"it asks ray.init() for {_OWN_RAY[keyword.arg]}"
    return None


def own_cage(program: str) -> str | None:
    """Why it should not share a Ray with other programs, in a part of a sentence; or None."""
    why = own_ray(program)
    if why is not None:
        return why
    try:
        tree = ast.parse(program)
    except (SyntaxError, ValueError):
        return None
    for name in _imports(tree):
        if name.startswith(_OWN_PROCESSES):
            return f"it uses {name}, which starts services of its own"
    return None


def _inits(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("ray.init", "init"):
            yield node


def _is_nothing(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and not value.value


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
