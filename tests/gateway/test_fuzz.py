"""Whatever is sent, the answer is a job or a problem, never a fault."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arclight.contracts.job import utc
from arclight.runtime.artifacts import LocalArtifacts
from arclight.runtime.keys import new_key
from arclight.runtime.settings import Settings
from arclight.runtime.store.memory import MemoryStore
from services.gateway.app import create_app
from services.gateway.bodies import NewJob

KEY = new_key("fuzz", utc(0))[0]

ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
TEXT = st.text(st.characters(codec=None), max_size=30)
BODY = st.fixed_dictionaries(
    {"prompt": TEXT},
    optional={name: ANY | TEXT for name in NewJob.model_fields if name != "prompt"},
)


Ask = Callable[..., httpx.Response]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """Asks a gateway that has no jobs yet."""
    config = Settings(api_keys=KEY)
    artifacts = LocalArtifacts(tmp_path_factory.mktemp("fuzz"))
    return lambda *args, **send: _ask(
        create_app(config, MemoryStore(config), artifacts), *args, **send
    )


def _ask(app: FastAPI, method: str, url: str, **send: Any) -> httpx.Response:
    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
            headers = {"X-API-Key": KEY, **send.pop("headers", {})}
            return await client.request(method, url, headers=headers, **send)

    return asyncio.run(asked())


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(BODY | ANY)
def test_any_json_is_a_job_or_a_problem(ask: Ask, body: Any) -> None:
    answer = ask(
        "POST",
        "/v1/jobs",
        content=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )

    assert answer.status_code in (202, 400, 413, 422), answer.text
    assert answer.json()["id" if answer.status_code == 202 else "code"]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(["approve", "decline"]),
    ANY | st.dictionaries(st.sampled_from(["attempt", "program", "comment"]), ANY | TEXT),
    st.none() | st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20),
)
def test_any_word_on_a_job_that_does_not_wait_is_a_problem(
    ask: Ask, word: str, body: Any, tag: str | None
) -> None:
    answer = ask(
        "POST",
        f"/v1/jobs/job_{'0' * 28}/{word}",
        content=json.dumps(body).encode(),
        headers={"Content-Type": "application/json", **({"If-Match": tag} if tag else {})},
    )

    assert answer.status_code in (400, 404, 413, 422), answer.text
    assert answer.json()["code"]


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(["page_token", "page_size", "state"]),
    st.text(st.characters(codec="utf-8"), max_size=60),
)
def test_any_parameter_is_a_page_or_a_problem(ask: Ask, name: str, value: str) -> None:
    answer = ask("GET", "/v1/jobs", params={name: value})

    assert answer.status_code in (200, 422), answer.text


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="?#"), max_size=40))
def test_any_job_id_is_a_problem(ask: Ask, job_id: str) -> None:
    path = "".join(f"%{byte:02X}" for byte in job_id.encode())

    answer = ask("GET", f"/v1/jobs/{path}")

    assert answer.status_code in (404, 422) or not job_id, answer.text
