"""What most tests of the gateway ask for."""

from typing import Any

import httpx


async def submitted(client: httpx.AsyncClient, **body: Any) -> str:
    """The id of a job that was accepted."""
    answer = await client.post("/v1/jobs", json={"prompt": "count the rows", **body})
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


async def uploaded(
    client: httpx.AsyncClient, filename: str = "t.csv", content: bytes = b"a,b\n1,x\n"
) -> str:
    """The id of a source that was accepted."""
    answer = await client.post("/v1/sources", files={"file": (filename, content)})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem in `answer`, checked for what every problem must have."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["code"] == code, body
    assert body["status"] == status
    assert body["type"].startswith("https://arclight.example/problems/")
    for member in ("title", "detail", "instance", "hint"):
        assert body[member], f"{member} is empty in {body}"
    assert "Traceback" not in answer.text
    return body
