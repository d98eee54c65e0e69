"""Runs one program as `__main__` in a fresh interpreter. Standard library only.

`python -I harness.py FAILURE_FILE PROGRAM [ARGUMENT…]`. `-I` keeps the installed packages and
ignores the user's ones, `PYTHON*` variables and the current folder. The program sees what
`python PROGRAM ARGUMENT…` would show it. On an uncaught exception its traceback, without our
frames, goes to standard error, what is known of it into FAILURE_FILE, and the exit code is 1.
"""

import builtins
import importlib.util
import json
import os
import sys
import types
from pathlib import Path
from typing import NoReturn


def main(failure_file: str, program: str, *arguments: str) -> None:
    """Execute exactly the bytes of `program`; strictly UTF-8, whatever a coding cookie says."""
    source = Path(program).read_bytes().decode("utf-8")
    describe = _describe_module()
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


def _describe_module() -> types.ModuleType:
    """The neighbouring file, loaded before the program can change how imports work."""
    path = Path(__file__).with_name("describe.py")
    spec = importlib.util.spec_from_file_location("_arclight_describe", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
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


if __name__ == "__main__":
    main(*sys.argv[1:])
