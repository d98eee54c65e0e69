"""Making, keeping and checking API keys."""

import re

import pytest

from arclight.contracts.job import utc
from arclight.runtime.keys import (
    RedisKeys,
    add_key,
    ensure_first_key,
    hash_key,
    new_key,
    short_of,
)
from arclight.runtime.settings import Settings

NOW = utc(1_800_000_000)


def test_a_new_key_has_192_random_bits_and_is_kept_as_a_hash() -> None:
    plain, record = new_key("me", NOW)

    assert re.fullmatch(r"arc_[0-9a-f]{8}_[0-9a-f]{48}", plain)
    assert record.sha256 == hash_key(plain)
    assert plain.split("_")[2] not in record.model_dump_json()
    assert record.fits(plain, NOW)
    assert new_key("me", NOW)[0] != plain


@pytest.mark.parametrize("text", ["", "arc_", "arc_12345678_", "arc_12345678_" + "0" * 31, "x"])
def test_what_is_no_key_has_no_short_part(text: str) -> None:
    assert short_of(text) is None


@pytest.mark.redis
def test_the_first_key_is_made_once(redis_config: Settings) -> None:
    first = ensure_first_key(redis_config)

    assert first is not None
    assert ensure_first_key(redis_config) is None


@pytest.mark.redis
def test_no_first_key_is_made_where_keys_are_configured(redis_config: Settings) -> None:
    configured = redis_config.model_copy(update={"api_keys": new_key("x", NOW)[0]})

    assert ensure_first_key(configured) is None


@pytest.mark.redis
async def test_keys_are_found_in_the_store_and_not_in_plain_text(redis_config: Settings) -> None:
    keys = RedisKeys.from_settings(redis_config)
    assert not await keys.any()

    plain = add_key(redis_config, "me")

    short = short_of(plain)
    assert short is not None
    record = await keys.find(short)
    assert record is not None
    assert record.fits(plain, NOW)
    assert record.name == "me"
    assert await keys.any()
    assert await keys.find("00000000") is None
    other = new_key("you", NOW)[1]
    await keys.add(other)
    assert await keys.find(other.short) == other
    await keys.close()
