"""Hands the declared inputs to a run: links where the file system can, copies where not."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote, urlparse

from arclight.runtime.artifacts import Artifacts

UPLOADS = "uploads"
"""Prefix of the artifact store below which inputs lie."""


def files_of(addresses: Sequence[str], artifacts: Artifacts) -> tuple[Path, ...]:
    """The files of the store at `addresses`.

    An address that is none is left out: the program then says that it is not there.
    """
    uploads = uploads_of(artifacts)
    paths = (Path(unquote(urlparse(address).path)) for address in addresses)
    return tuple(p for p in paths if p.is_relative_to(uploads) and p.is_file())


def grant(files: Sequence[Path], uploads: Path, granted: Path) -> None:
    """Put the files below `granted`, at their places below the uploads."""
    for path in files:
        target = granted / path.relative_to(uploads)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.parent.chmod(0o755)
        share(path, target)


def uploads_of(artifacts: Artifacts) -> Path:
    """The folder of the uploads, as the addresses of inputs name it."""
    return Path(unquote(urlparse(artifacts.uri(f"{UPLOADS}/x")).path)).parent


def share(source: Path, target: Path) -> None:
    """One file under a second name that every user may read; nobody but its owner may write."""
    try:
        os.link(source, target)
    except FileExistsError:
        return
    except OSError:
        # Another file system, or one without links.
        partial = target.with_name(f".{target.name}.part")
        shutil.copyfile(source, partial)
        partial.replace(target)
    # The folder that the original lies in is closed to others.
    target.chmod(0o444)
