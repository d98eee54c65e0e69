"""A canary's value is found however it was written down."""

import base64
from urllib.parse import quote

import pytest

from arclight.sandbox.redteam import needle

VALUE = "arcCanary/file+0123456789abcdef0123456789abcdef"
RAW = VALUE.encode()


@pytest.mark.parametrize(
    ("text", "how"),
    [
        (b"so: " + RAW + b"!", "plain"),
        (RAW[::-1], "reversed"),
        (RAW.hex().upper().encode(), "hex"),
        (RAW[::-1].hex().encode(), "hex of the reversed"),
        (base64.b64encode(b"a" + RAW + b"b"), "base64"),
        (base64.b64encode(b"ab" + RAW), "base64"),
        (base64.urlsafe_b64encode(b"abc" + RAW), "base64"),
        (base64.b32encode(b"abcd" + RAW), "base32"),
        (VALUE.encode("utf-16-le"), "UTF-16"),
        (quote(VALUE, safe="").encode(), None),
        ("".join(f"%{b:02X}" for b in RAW).encode(), "percent-encoded"),
        (str(list(RAW)).encode(), "numbers"),
        ("\n".join(VALUE).encode(), "spread out"),
        ("\n".join(reversed(VALUE)).encode(), "spread out"),
    ],
)
def test_an_encoded_value_is_found(text: bytes, how: str | None) -> None:
    found = needle.found(VALUE, b"before " + text + b" after")

    assert found is not None
    assert how is None or found == how


def test_other_text_is_left_alone() -> None:
    other = b"arcCanary/file+ffffffffffffffffffffffffffffffff"

    assert needle.found(VALUE, other) is None
    assert needle.found(VALUE, base64.b64encode(other)) is None
    assert needle.found(VALUE, b"") is None
