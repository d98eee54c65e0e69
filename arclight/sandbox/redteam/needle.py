"""Finding a canary's value in what came out, however it was written down."""

import base64
import re
from collections.abc import Callable, Iterable
from functools import cache
from urllib.parse import unquote_to_bytes

_SHORTEST = 12
"""Characters of an encoded piece that are no chance: 2**-60 for base64."""
_NOISE = re.compile(rb"[^0-9A-Za-z]+")


def found(value: str, text: bytes) -> str | None:
    """How `value` stands in `text`: the name of the encoding, or None."""
    for name, pattern in _patterns(value):
        if pattern in text:
            return name
    lower = text.lower()
    for name, pattern in _folded(value):
        if pattern in lower:
            return name
    if b"%" in text:
        plain_text = unquote_to_bytes(text)
        if value.encode() in plain_text or value.encode()[::-1] in plain_text:
            return "percent-encoded"
    # One character per line, with blanks, in a list: only letters and digits count.
    dense = _NOISE.sub(b"", text)
    plain = _NOISE.sub(b"", value.encode())
    if plain in dense or plain[::-1] in dense:
        return "spread out"
    return None


def first(values: Iterable[tuple[str, str]], text: bytes) -> str | None:
    """The first of (name, value) that stands in `text`, with its encoding, as people read it."""
    for name, value in values:
        if how := found(value, text):
            return f"{name}, {how}"
    return None


@cache
def _patterns(value: str) -> tuple[tuple[str, bytes], ...]:
    raw = value.encode()
    patterns = [("plain", raw), ("reversed", raw[::-1]), ("UTF-16", value.encode("utf-16-le"))]
    for shown, way in ((raw, ""), (raw[::-1], " of the reversed")):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            patterns += [(f"base64{way}", piece) for piece in _aligned(shown, encode, 3)]
        patterns += [(f"base32{way}", piece) for piece in _aligned(shown, base64.b32encode, 5)]
    return tuple(patterns)


@cache
def _folded(value: str) -> tuple[tuple[str, bytes], ...]:
    raw = value.encode()
    folded = []
    for shown, way in ((raw, ""), (raw[::-1], " of the reversed")):
        folded.append((f"hex{way}", shown.hex().encode()))
        folded.append((f"percent-encoded{way}", b"".join(b"%%%02x" % byte for byte in shown)))
        folded.append((f"escaped{way}", b"".join(b"\\x%02x" % byte for byte in shown)))
        folded.append((f"numbers{way}", ", ".join(map(str, shown)).encode()))
    return tuple(folded)


def _aligned(raw: bytes, encode: Callable[[bytes], bytes], block: int) -> list[bytes]:
    """The part of the encoding that is the same whatever stands before and after the value."""
    pieces = []
    for offset in range(block):
        cut = raw[(block - offset) % block :]
        cut = cut[: len(cut) // block * block]
        piece = encode(cut)
        if len(piece) >= _SHORTEST:
            pieces.append(piece)
    return pieces
