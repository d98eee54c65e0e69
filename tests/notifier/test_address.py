"""Which addresses a delivery may go to: the case is data."""

import asyncio

import pytest

from services.notifier.address import parse, refusal
from services.notifier.post import look_up

PUBLIC = ["93.184.215.14", "8.8.8.8", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "2a00:1450:4001::1"]
PRIVATE = [
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "127.8.8.8",
    "172.31.0.1",
    "192.168.1.1",
    "::1",
    "fd12::1",
    "fc00::1",
]
NEVER = [
    "0.0.0.0",
    "169.254.169.254",
    "169.254.170.2",
    "168.63.129.16",
    "100.100.100.200",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::7f00:1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001:0:7f00:1::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "2606:2800::5efe:7f00:1",
    "2606:2800::200:5efe:a00:1",
    "3fff::1",
    "5f00::1",
]


@pytest.mark.parametrize("text", PUBLIC)
def test_public_addresses_are_allowed(text: str) -> None:
    assert refusal(parse(text), allow_private=False) is None
    assert refusal(parse(text), allow_private=True) is None


@pytest.mark.parametrize("text", PRIVATE)
def test_private_addresses_need_the_setting(text: str) -> None:
    assert refusal(parse(text), allow_private=False) == "a private address"
    assert refusal(parse(text), allow_private=True) is None


@pytest.mark.parametrize("text", NEVER)
def test_other_addresses_are_refused_always(text: str) -> None:
    assert refusal(parse(text), allow_private=False) is not None
    assert refusal(parse(text), allow_private=True) is not None


@pytest.mark.parametrize("host", ["localhost", "2130706433", "0x7f.1", "127.1"])
def test_other_spellings_of_this_machine_are_seen_through(host: str) -> None:
    addresses = asyncio.run(look_up(host, 443))
    assert addresses
    assert all(refusal(a, allow_private=False) for a in addresses)
