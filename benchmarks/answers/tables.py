"""The catalog's profiles of a set's tables, kept on disk between runs."""

import hashlib
import os
import shutil
import time
from functools import cache
from pathlib import Path

from pydantic import ValidationError

import arclight.catalog
from arclight.catalog.bad_upload import BadUpload
from arclight.catalog.intake import check_file
from arclight.catalog.profile import ForeignKey, TableProfile
from benchmarks.answers.sets import Database, Keys, Table

KEPT_DAYS = 7
"""Profiles of an older state of the catalog's code are deleted after this."""


class Refused(Exception):
    """The catalog does not take a file; the message is the catalog's own."""


def profiles(database: Database) -> tuple[TableProfile, ...]:
    """The tables as an upload of each would be known, under their names. Raises Refused."""
    found = tuple(_profile(table) for table in database.tables)
    return tuple(with_keys(profile, database.keys) for profile in found)


def with_keys(profile: TableProfile, keys: Keys) -> TableProfile:
    """The profile with the keys that the schema declares for it."""
    here = profile.name.casefold()
    primary = tuple(column for table, column in keys.primary if table.casefold() == here)
    foreign = tuple(
        ForeignKey(columns=(column,), table=other, referenced=(referenced,))
        for (table, column), (other, referenced) in keys.foreign
        if table.casefold() == here
    )
    return profile.model_copy(update={"primary_key": primary, "foreign_keys": foreign})


@cache
def _profile(table: Table) -> TableProfile:
    kept = _folder() / f"{_digest(table.path)}{table.path.suffix}.json"
    try:
        profile = TableProfile.model_validate_json(kept.read_bytes())
    except (FileNotFoundError, ValidationError):
        profile = _checked(table.path)
        kept.parent.mkdir(parents=True, exist_ok=True)
        part = kept.with_suffix(f".{os.getpid()}")
        part.write_text(profile.model_dump_json(), "utf-8")
        part.replace(kept)
    return profile.model_copy(update={"name": table.name, "uri": table.path.as_uri()})


def _checked(path: Path) -> TableProfile:
    try:
        return check_file(path, path.name).profile
    except BadUpload as error:
        raise Refused(f"{path.name}: {error}") from None


@cache
def _folder() -> Path:
    """Of this state of the catalog's code."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "arclight-answers"
    base.mkdir(parents=True, exist_ok=True)
    here = base / catalog_version()
    here.mkdir(exist_ok=True)
    os.utime(here)
    for other in base.iterdir():
        if other.stat().st_mtime < time.time() - KEPT_DAYS * 86_400:
            shutil.rmtree(other, ignore_errors=True)
    return here


def catalog_version() -> str:
    """A hash over the catalog's sources."""
    root = Path(arclight.catalog.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:32]
