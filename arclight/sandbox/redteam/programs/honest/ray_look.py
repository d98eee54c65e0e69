# mypy: ignore-errors
"""An honest job that writes down everything that its engine shows it."""

import sys

from ray.experimental.internal_kv import _internal_kv_list
from ray.util import list_named_actors

import ray

ray.init()
seen = [f"actor {a}" for a in list_named_actors(all_namespaces=True)]
seen += [f"key {key!r}" for key in _internal_kv_list(b"")]
ray.data.from_items([{"line": line} for line in seen or ["nothing"]]).write_parquet(sys.argv[2])
