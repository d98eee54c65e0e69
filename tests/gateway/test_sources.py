"""Uploads: streamed, limited, checked."""

import io
import random
from pathlib import Path

import httpx
import pytest

from arclight.runtime.artifacts import LocalArtifacts
from services.gateway.problems import ProblemError
from services.gateway.uploads import FileReceiver
from tests.catalog.bad_uploads import BAD, Bad
from tests.gateway.asking import problem, uploaded

CSV = b"size,cost\nSmall,1.5\nLarge,20\n"


async def test_an_upload_is_known_by_id_name_and_columns(
    client: httpx.AsyncClient, artifacts: LocalArtifacts
) -> None:
    answer = await client.post("/v1/sources", files={"file": ("bird-strikes.csv", CSV)})

    source = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/v1/sources/{source['id']}"
    assert source["name"] == "bird_strikes"
    assert source["columns"] == [
        {"name": "size", "type": "string"},
        {"name": "cost", "type": "double"},
    ]
    assert (source["rows"], source["bytes"]) == (2, len(CSV))
    assert artifacts.get(f"uploads/{source['id']}/bird-strikes.csv") == CSV
    assert (await client.get(answer.headers["location"])).json() == source


async def test_nothing_temporary_stays(
    client: httpx.AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = set(tmp_path.iterdir())

    await uploaded(client)
    await client.post("/v1/sources", files={"file": ("a.csv", b"")})

    left = set(tmp_path.iterdir()) - before
    assert {p.name for p in left} <= {"artifacts"}


@pytest.mark.parametrize("bad", [b for b in BAD if len(b.content) < 90_000], ids=str)
async def test_a_file_that_is_no_table_is_refused(client: httpx.AsyncClient, bad: Bad) -> None:
    answer = await client.post("/v1/sources", files={"file": (bad.filename, bad.content)})

    body = problem(answer, 422, bad.code)
    assert body["title"] == "The file cannot be used as a table"


async def test_a_form_without_a_file_says_how_to_send_one(client: httpx.AsyncClient) -> None:
    form = {"files": {"comment": (None, b"no file here")}}

    body = problem(await client.post("/v1/sources", **form), 422, "UPLOAD_MISSING_FILE")

    assert "curl -F file=@" in body["hint"]


async def test_only_forms_are_read(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/sources", content=CSV, headers={"Content-Type": "text/csv"})

    problem(answer, 415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b""),
        ("multipart/form-data; boundary=x", b""),
        ("multipart/form-data; boundary=x", b"nonsense"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\na\n1',
        ),
    ],
)
async def test_a_form_that_is_broken_is_refused(
    client: httpx.AsyncClient, content_type: str, body: bytes
) -> None:
    answer = await client.post("/v1/sources", content=body, headers={"Content-Type": content_type})

    problem(answer, 400, "UPLOAD_MALFORMED")


async def test_a_file_above_the_limit_is_refused_while_it_comes(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.post("/v1/sources", files={"file": ("a.csv", b"a\n" + b"1\n" * 60_000)})

    body = problem(answer, 413, "UPLOAD_TOO_LARGE")
    assert "100,000 bytes" in body["detail"]


async def test_an_announced_size_above_the_limit_is_refused_before_it_is_read(
    client: httpx.AsyncClient,
) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x", "Content-Length": "900000"}

    problem(await client.post("/v1/sources", content=b"", headers=headers), 413, "UPLOAD_TOO_LARGE")


@pytest.mark.parametrize("seed", range(20))
def test_the_file_is_the_same_however_the_body_is_cut(seed: int) -> None:
    chance = random.Random(seed)
    content = b"a,b\r\n--bo\r\n--boundar" + chance.randbytes(200)
    request = httpx.Request(
        "POST",
        "http://x",
        files=[
            ("note", (None, "first")),
            ("file", ("größe.csv", io.BytesIO(content))),
            ("file", ("second.csv", b"ignored")),
        ],
    )
    body, receiver = request.read(), FileReceiver(request.headers["content-type"], 1000)

    at = 0
    while at < len(body):
        step = chance.randint(1, 40)
        receiver.feed(body[at : at + step])
        at += step
    receiver.close()

    assert receiver.pending == content
    assert receiver.filename == "größe.csv"


def test_a_part_header_without_end_is_refused() -> None:
    receiver = FileReceiver("multipart/form-data; boundary=x", 1000)

    with pytest.raises(ProblemError):
        receiver.feed(b"--x\r\nX-Long: " + b"y" * 10_000)


async def test_unknown_and_malformed_ids_are_told_apart(client: httpx.AsyncClient) -> None:
    problem(await client.get(f"/v1/sources/src_{'0' * 28}"), 404, "SOURCE_NOT_FOUND")
    problem(await client.get("/v1/sources/src_1"), 422, "MALFORMED_SOURCE_ID")
