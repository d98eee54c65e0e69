"""A process with a Ray of its own, for a program that has a cage to itself.

Loaded by the cage's main program. `ray.init()` starts a Ray without what a single program can do
without (see slim.py). With ARCLIGHT_RAY_START=1 it is started, and one worker made ready, before
the program comes. Ray ends with this process.
"""

import importlib.util
import os
import secrets
import sys
import types
from pathlib import Path


def _neighbour(name: str) -> types.ModuleType:
    path = Path(__file__).with_name(f"{name}.py")
    spec = importlib.util.spec_from_file_location(f"_arclight_ray_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


_driver = _neighbour("driver")
progress = _driver.progress
finish = _driver.finish


def prepare() -> dict[str, str | int]:
    """Import Ray; start it when that is wanted."""
    # Workers of a program can read it. It keeps out other users of a machine without namespaces.
    os.environ.update(RAY_AUTH_MODE="token", RAY_AUTH_TOKEN=secrets.token_hex(32))
    import ray

    _neighbour("slim").slim()
    if os.environ.get("ARCLIGHT_RAY_START") == "1":
        return dict(_driver.prepare())
    _driver.take_over()
    _driver.import_tables()
    return {"ray": ray.__version__}
