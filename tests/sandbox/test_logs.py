"""Whatever a program prints, people get bounded lines of plain characters."""

import os
import re
import unicodedata
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from arclight.sandbox.logs import MAX_LINE, Quota, StreamReader, neutral

PIECES = st.lists(
    st.one_of(
        st.binary(max_size=40),
        st.sampled_from([b"\n", b"\r", b"\r\n", b"\x1b[31m", "ä\u202e\u2028".encode()]),
        st.just(b"x" * 9000),
    ),
    max_size=20,
)


def read(chunks: list[bytes], limit: int) -> tuple[list[str], Quota]:
    lines: list[str] = []
    quota = Quota(limit)
    source, sink = os.pipe()
    with os.fdopen(source, "rb") as pipe:
        reader = StreamReader(pipe, lines.append, quota)
        reader.start()
        for chunk in chunks:
            os.write(sink, chunk)
        os.close(sink)
        reader.join()
    return lines, quota


@settings(max_examples=60, deadline=None)
@given(PIECES, st.integers(min_value=0, max_value=30_000))
def test_lines_are_plain_and_bounded(chunks: list[bytes], limit: int) -> None:
    lines, quota = read(chunks, limit)

    for line in lines:
        assert len(line) < MAX_LINE + 50
        assert not [c for c in line if unicodedata.category(c) in ("Cc", "Zl", "Zp") and c != "\t"]
    assert (quota.note is None) == (quota.cut == 0)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("abcä ", min_size=1, max_size=30), max_size=30), st.data())
def test_short_lines_arrive_whole_however_they_are_chunked(
    printed: list[str], data: st.DataObject
) -> None:
    text = "".join(f"{line}\n" for line in printed).encode()
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=10)))
    chunks = [text[a:b] for a, b in pairwise([0, *cuts, len(text)])]

    lines, quota = read(chunks, len(text))

    assert lines == printed
    assert quota.cut == 0


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text("ab€\U0001f989\n", max_size=30).map(lambda t: t * 900), max_size=4))
def test_an_answer_is_kept_as_it_was_printed_however_long_its_lines(printed: list[str]) -> None:
    text = "".join(printed)
    source, sink = os.pipe()
    with os.fdopen(source, "rb") as pipe:
        reader = StreamReader(pipe, lambda line: None, Quota(10**7), keep=True)
        reader.start()
        with os.fdopen(sink, "wb") as out:
            out.write(text.encode())
        reader.join()

    assert reader.text == text.removesuffix("\n")


@given(st.text())
def test_neutral_text_is_unchanged_where_it_was_harmless(text: str) -> None:
    plain = re.sub(r"[^ -~\tà-ÿ]", "", text)

    assert neutral(plain) == plain
    assert neutral(neutral(text)) == neutral(text)
