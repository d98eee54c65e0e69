"""The secrets that deliveries are signed with, in the form `whsec_<base64>`.

`ARCLIGHT_WEBHOOK_SECRET` may hold two of them during a rotation, the new one first: then each
delivery carries two signatures. When it is empty, `<home>/webhook.secret` is made at first use.
"""

import base64
import os
import secrets
import tempfile
from binascii import Error as NotBase64
from collections.abc import Callable
from pathlib import Path

from arclight.runtime.settings import Settings

PREFIX = "whsec_"
FILE = "webhook.secret"
_BYTES = 32
"""Standard Webhooks asks for 24 to 64 random bytes."""
_MINIMUM = 16
"""Bytes. Shorter ones can be guessed."""


class BadSecret(ValueError):
    """The configured secret cannot sign."""


def signing_secrets(
    settings: Settings, random_bytes: Callable[[int], bytes] = secrets.token_bytes
) -> tuple[str, ...]:
    """The secrets in use. Raises BadSecret when one has another form."""
    configured = settings.webhook_secret.get_secret_value().replace(",", " ").split()
    if not configured:
        configured = [_kept(settings.home_dir / FILE, random_bytes)]
    for secret in configured:
        _check(secret)
    return tuple(configured)


def _check(secret: str) -> None:
    try:
        size = len(base64.b64decode(secret.removeprefix(PREFIX), validate=True))
    except (NotBase64, ValueError):
        size = 0
    if not secret.startswith(PREFIX) or size < _MINIMUM:
        raise BadSecret(
            f"ARCLIGHT_WEBHOOK_SECRET (or {FILE} in the home folder) holds something that cannot"
            f" sign: a secret reads {PREFIX}<base64 of at least {_MINIMUM} bytes>."
        )


def _kept(path: Path, random_bytes: Callable[[int], bytes]) -> str:
    """The secret in the file, made when there is none; two processes at once make one."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _make(path, PREFIX + base64.b64encode(random_bytes(_BYTES)).decode())
    return path.read_text().strip()


def _make(path: Path, text: str) -> None:
    # mkstemp gives mode 0600; the link appears whole, or fails because another was first.
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{FILE}.")
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(name, path)
        except FileExistsError:
            return
    finally:
        os.unlink(name)
