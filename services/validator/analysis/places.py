"""Comparing places: `file:///d/x.csv`, `file:/d/x.csv` and `/d/x.csv` are one."""

import re
from functools import lru_cache
from urllib.parse import unquote

_S3 = re.compile(r"^s3[an]?://")
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:/")


def place(path: str) -> str:
    """The canonical form of a path or URI."""
    if path.startswith("file:"):
        rest = unquote(path[5:])
        return "/" + rest.lstrip("/")
    return _S3.sub("s3://", path)


@lru_cache(maxsize=4096)
def covers(declared: str, read: str) -> bool:
    """True when reading `read` stays inside `declared`: the same file, or below its folder."""
    whole, part = place(declared).rstrip("/"), place(read).rstrip("/")
    if not whole or ".." in part.split("/"):
        return False
    return part == whole or part.startswith(whole + "/")


def is_uri(path: str) -> bool:
    return bool(_SCHEME.match(path))
