"""Who may ask."""

from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from arclight.contracts.job import utc
from arclight.runtime.artifacts import LocalArtifacts
from arclight.runtime.keys import KeyRecord, MemoryKeys, new_key
from arclight.runtime.settings import Settings
from arclight.runtime.store.memory import MemoryStore
from services.gateway.app import create_app
from services.gateway.auth import KNOWN_FOR, Keyring
from tests.conftest import FakeClock
from tests.gateway.asking import problem, submitted


@pytest.mark.parametrize("path", ["/health", "/problems", "/docs", "/openapi.json"])
async def test_what_tells_nothing_about_jobs_is_open(
    stranger: httpx.AsyncClient, path: str
) -> None:
    assert (await stranger.get(path)).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer nonsense"},
        {"Authorization": f"Bearer arc_00000000_{'0' * 48}"},
        {"Authorization": "Basic dTpw"},
        {"X-API-Key": "arc_"},
    ],
)
async def test_without_a_valid_key_everything_else_is_closed(
    stranger: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    for method, path in (("GET", "/v1/jobs"), ("POST", "/v1/sources"), ("GET", "/nowhere")):
        answer = await stranger.request(method, path, headers=headers)
        body = problem(answer, 401, "UNAUTHORIZED")
        assert "arclight up" in body["hint"]
        assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_the_key_is_asked_for_before_the_body_is_read(stranger: httpx.AsyncClient) -> None:
    problem(await stranger.post("/v1/jobs", content=b"{"), 401, "UNAUTHORIZED")


async def test_both_headers_carry_a_key(
    stranger: httpx.AsyncClient, key_and_keys: tuple[str, MemoryKeys]
) -> None:
    plain = key_and_keys[0]
    for headers in ({"Authorization": f"bearer {plain}"}, {"X-API-Key": plain}):
        assert (await stranger.get("/v1/jobs", headers=headers)).status_code == 200


async def test_one_wrong_digit_is_wrong(
    stranger: httpx.AsyncClient, key_and_keys: tuple[str, MemoryKeys]
) -> None:
    plain = key_and_keys[0]
    wrong = plain[:-1] + ("0" if plain[-1] != "0" else "1")

    problem(await stranger.get("/v1/jobs", headers={"X-API-Key": wrong}), 401, "UNAUTHORIZED")


async def test_the_record_names_the_caller_and_not_the_key(
    client: httpx.AsyncClient, memory: MemoryStore, key_and_keys: tuple[str, MemoryKeys]
) -> None:
    plain = key_and_keys[0]

    job = await memory.get(await submitted(client))

    assert job.caller == f"key:{plain.split('_')[1]}"


async def test_an_expired_key_is_refused(clock: FakeClock) -> None:
    now = utc(clock())
    plain, record = new_key("short", now, expires_at=now + timedelta(minutes=1))
    keyring = Keyring(MemoryKeys(record), (), lambda: utc(clock()))

    assert await keyring.caller(plain) is not None
    clock.forward(61)
    assert await keyring.caller(plain) is None


async def test_keys_of_the_settings_are_keys(
    config: Settings, artifacts: LocalArtifacts, clock: FakeClock
) -> None:
    plain, _ = new_key("x", utc(clock()))
    with_keys = config.model_copy(update={"api_keys": f" {plain} ,"})
    app = create_app(with_keys, MemoryStore(with_keys, clock), artifacts)

    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as asking:
        answer = await asking.get("/v1/jobs", headers={"X-API-Key": plain})

    assert answer.status_code == 200


def test_a_weak_key_in_the_settings_is_refused(config: Settings, artifacts: LocalArtifacts) -> None:
    weak = config.model_copy(update={"api_keys": "changeme"})

    with pytest.raises(ValueError, match="ARCLIGHT_API_KEYS"):
        create_app(weak, MemoryStore(weak), artifacts)


class Counting(MemoryKeys):
    """Counts the look-ups."""

    asked = 0

    async def find(self, short: str) -> KeyRecord | None:
        self.asked += 1
        return await super().find(short)


async def test_a_known_key_is_looked_up_once_in_a_while(clock: FakeClock) -> None:
    plain, record = new_key("x", utc(clock()))
    keys = Counting(record)
    keyring = Keyring(keys, (), lambda: utc(clock()), monotonic=clock)

    for _ in range(5):
        assert await keyring.caller(plain)
    assert keys.asked == 1

    keys._records.clear()
    clock.forward(KNOWN_FOR)
    assert await keyring.caller(plain) is None


async def test_every_answer_carries_the_security_headers(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    for path in ("/health", "/v1/jobs", "/nowhere"):
        headers = (await client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "access-control-allow-origin" not in headers
