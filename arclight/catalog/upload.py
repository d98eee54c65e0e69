"""Uploaded files: checked once, stored under one canonical address, known by their profile."""

import os
import shutil
from pathlib import Path

from pydantic import Field, ValidationError

from arclight.catalog.bad_upload import BadUpload
from arclight.catalog.intake import Checked, check_file
from arclight.catalog.profile import TableProfile
from arclight.catalog.sample import SAMPLE_ROWS, profile_file
from arclight.contracts.base import Frozen
from arclight.contracts.failure import ArclightError
from arclight.contracts.source import UploadSource
from arclight.runtime.artifacts import ArtifactMissing, Artifacts

__all__ = [
    "SAMPLE_ROWS",
    "BadUpload",
    "Checked",
    "StoredUpload",
    "UnknownSource",
    "UploadCatalog",
    "check_file",
    "profile_file",
]

_BOM_BYTES = 3
AGAIN_ROWS = 50_000
"""Rows that a repair looks at: 50 times the sample, read in about a second."""
AGAIN_BYTES = 256 * 1024**2
"""Above this a file takes longer to read again than a repair may take to write."""


class UnknownSource(ArclightError):
    """No upload has this id."""


class StoredUpload(Frozen):
    """What `uploads/<id>/profile.json` holds: the record of one upload."""

    id: str
    filename: str = Field(description="The name it is stored under.")
    key: str = Field(description="Its place in the artifact store.")
    profile: TableProfile


class UploadCatalog:
    """The uploads of one artifact store."""

    def __init__(self, artifacts: Artifacts) -> None:
        self._artifacts = artifacts

    def add(self, tmp_path: Path, filename: str, source_id: str) -> StoredUpload:
        """Check and store the file at `tmp_path`, which may be moved away by that.

        Raises BadUpload for a file that cannot be used; then nothing is stored.
        """
        folder = _folder(source_id)
        checked = check_file(tmp_path, filename)
        key = f"{folder}/{checked.filename}"
        profile = checked.profile.model_copy(update={"uri": self._artifacts.uri(key)})
        stored = StoredUpload(id=source_id, filename=checked.filename, key=key, profile=profile)
        if checked.bom:
            _drop_bom(tmp_path)
        self._artifacts.put_file(key, tmp_path)
        # Last: an upload whose record can be read is complete.
        self._record(stored)
        return stored

    def get(self, source_id: str) -> StoredUpload:
        """The record of an upload. Raises UnknownSource."""
        try:
            data = self._artifacts.get(f"{_folder(source_id)}/profile.json")
        except ArtifactMissing:
            raise UnknownSource(source_id) from None
        return StoredUpload.model_validate_json(data)

    def _record(self, stored: StoredUpload) -> None:
        key = f"{_folder(stored.id)}/profile.json"
        self._artifacts.put(key, stored.model_dump_json().encode())

    def read_again(self, source_id: str, name: str | None = None) -> TableProfile:
        """The table of an upload as its file stands now, its types from AGAIN_ROWS rows.

        As it was known, where the file is larger than AGAIN_BYTES or cannot be read as a table.
        A file with another content than the one that was uploaded is known by its new profile from
        then on, to everybody. Raises UnknownSource.
        """
        known = self.profile(source_id, name)
        stored = self.get(source_id)
        try:
            path = self._artifacts.local(stored.key)
            if path.stat().st_size > AGAIN_BYTES:
                return known
            found = check_file(path, stored.filename, AGAIN_ROWS).profile
        except (ArtifactMissing, BadUpload, OSError):
            return known
        profile = found.model_copy(update={"name": stored.profile.name, "uri": known.uri})
        if profile.sha256 != known.sha256:
            self._record(stored.model_copy(update={"profile": profile}))
        return profile.model_copy(update={"name": known.name})

    def profile(self, source_id: str, name: str | None = None) -> TableProfile:
        """The table of an upload, under `name` if given. Raises UnknownSource."""
        stored = self.get(source_id)
        here = {"uri": self._artifacts.uri(stored.key)}
        return stored.profile.model_copy(update={**here, "name": name} if name else here)


def _folder(source_id: str) -> str:
    try:
        UploadSource(id=source_id)
    except ValidationError:
        raise UnknownSource(source_id) from None
    return f"uploads/{source_id}"


def _drop_bom(path: Path) -> None:
    """Rewrite the file without its first three bytes: readers would see them in the first name."""
    copy = path.with_name(f"{path.name}.plain")
    with path.open("rb") as source, copy.open("wb") as target:
        source.seek(_BOM_BYTES)
        shutil.copyfileobj(source, target, 1024**2)
    os.replace(copy, path)
