"""Programs, uploads, outputs: one port over a local folder or an S3 prefix."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlparse

from arclight.contracts.job import ProgramRef


class ArtifactMissing(Exception):
    """Nothing is stored under this key."""


class Artifacts(Protocol):
    """Keys are relative paths with `/`; a finished put is visible whole or not at all."""

    def uri(self, key: str) -> str:
        """The address that a program uses to reach `key`."""
        ...

    def put(self, key: str, data: bytes) -> None: ...

    def put_file(self, key: str, path: Path) -> None:
        """Move or copy a finished local file in."""
        ...

    def get(self, key: str) -> bytes:
        """Raises ArtifactMissing."""
        ...

    def local(self, key: str) -> Path:
        """A local file with the content of `key`, downloaded where needed."""
        ...

    def keys(self, prefix: str) -> Iterator[str]:
        """All keys below `prefix`, sorted."""
        ...


class LocalArtifacts:
    """A folder."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.root.mkdir(parents=True, exist_ok=True)

    def _path(self, key: str) -> Path:
        path = (self.root / key).resolve()
        if not path.is_relative_to(self.root) or path == self.root:
            raise ValueError(f"not a key below the artifact store: {key!r}")
        return path

    def uri(self, key: str) -> str:
        return self._path(key).as_uri()

    def put(self, key: str, data: bytes) -> None:
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as f:
            f.write(data)
            f.flush()
            os.fsync(f.fileno())
        os.replace(f.name, path)

    def put_file(self, key: str, path: Path) -> None:
        target = self._path(key)
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f".{target.name}.part")
        shutil.move(path, partial)
        os.replace(partial, target)

    def get(self, key: str) -> bytes:
        return self.local(key).read_bytes()

    def local(self, key: str) -> Path:
        path = self._path(key)
        if not path.is_file():
            raise ArtifactMissing(key)
        return path

    def keys(self, prefix: str) -> Iterator[str]:
        base = self._path(prefix)
        for path in sorted(p for p in base.rglob("*") if p.is_file()):
            yield path.relative_to(self.root).as_posix()


def artifacts_at(root: str) -> Artifacts:
    """The store at `file:///…` or `s3://bucket/prefix`."""
    parsed = urlparse(root)
    if parsed.scheme == "file":
        return LocalArtifacts(Path(unquote(parsed.path)))
    if parsed.scheme == "s3":
        from arclight.runtime.artifacts_s3 import S3Artifacts

        return S3Artifacts(parsed.netloc, parsed.path.strip("/"))
    raise ValueError(f"artifacts must be a file:// or s3:// address, not {root!r}")


def put_program(store: Artifacts, key: str, text: str) -> ProgramRef:
    """Store a program; the returned reference is what records and messages carry."""
    data = text.encode()
    store.put(key, data)
    return ProgramRef(key=key, sha256=hashlib.sha256(data).hexdigest(), bytes=len(data))


def get_program(store: Artifacts, ref: ProgramRef) -> str:
    """The program's text. Raises ValueError when its bytes are not the recorded ones."""
    data = store.get(ref.key)
    if hashlib.sha256(data).hexdigest() != ref.sha256:
        raise ValueError(f"program {ref.key} is not the one that was recorded")
    return data.decode()
