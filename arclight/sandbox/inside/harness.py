"""Runs one program as `__main__`. Standard library only; runs in the cage.

The program sees what `python PROGRAM ARGUMENT…` would show it, and finds what was prepared in the
same process. On an uncaught exception its traceback, without our frames, goes to standard error,
what is known of it into the failure file, and the exit code is 1.
"""

import builtins
import importlib.util
import json
import os
import sys
import types
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn


def execute(program: str, arguments: Sequence[str], failure_file: str) -> None:
    """Execute exactly the bytes of `program`; strictly UTF-8, whatever a coding cookie says."""
    source = Path(program).read_bytes().decode("utf-8")
    # Loaded before the program can change how imports work.
    describe = load(Path(__file__).with_name("describe.py"))
    module = types.ModuleType("__main__")
    module.__dict__.update(__file__=program, __builtins__=builtins, __annotations__={})
    sys.modules["__main__"] = module
    sys.argv = [program, *arguments]
    sys.path.insert(0, os.path.dirname(program))
    try:
        exec(compile(source, program, "exec", dont_inherit=True), module.__dict__)
    except SystemExit:
        raise
    except BaseException as error:  # noqa: BLE001
        _report(error, failure_file, program, describe)


def load(path: Path) -> types.ModuleType:
    """A module by its path: nothing of the installation is importable by name in a cage."""
    spec = importlib.util.spec_from_file_location(f"_arclight_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Known by name before it runs: dataclasses and pickle look their module up.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _report(
    error: BaseException, failure_file: str, program: str, describe: types.ModuleType
) -> NoReturn:
    said = describe.describe(error, program)
    partial = failure_file + ".part"
    with open(partial, "w", encoding="utf-8") as f:
        json.dump(said, f)
    os.replace(partial, failure_file)
    print(said["traceback"], file=sys.stderr, flush=True)  # noqa: T201
    sys.exit(1)
