"""One POST to an address that was checked before: no redirect, no proxy, no second look-up."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import httpx

from services.notifier.address import Address, parse, refusal

TIMEOUT = timedelta(seconds=15)
"""For look-up, connection and answer together, as Standard Webhooks recommends."""
_MAX_ADDRESSES = 3
"""Addresses of one host that are tried; the time is shared among them."""

Resolve = Callable[[str, int], Awaitable[Sequence[Address]]]


class Refused(Exception):
    """The callback may not be called; trying again would not change that."""


class Unreachable(Exception):
    """No answer came."""


@dataclass(frozen=True)
class Answer:
    """What the receiver said; its body is never read."""

    status: int
    retry_after: str | None


@dataclass(frozen=True)
class Network:
    """What a delivery needs of the world."""

    resolve: Resolve
    tls: Callable[[], ssl.SSLContext]
    timeout: timedelta = TIMEOUT


async def look_up(host: str, port: int) -> Sequence[Address]:
    """The host's addresses by the system's resolver."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(parse(str(entry[4][0])) for entry in found))


SYSTEM = Network(resolve=look_up, tls=ssl.create_default_context)


async def post(
    url: str, content: bytes, headers: Mapping[str, str], network: Network, *, allow_private: bool
) -> Answer:
    """Send `content`. Raises Refused or Unreachable."""
    target = httpx.URL(url)
    if target.scheme != "https" and not allow_private:
        raise Refused(
            "The callback address is not https; ARCLIGHT_WEBHOOK_ALLOW_PRIVATE would allow http."
        )
    try:
        async with asyncio.timeout(network.timeout.total_seconds()):
            addresses = await _checked(target, network.resolve, allow_private=allow_private)
            return await _send(target, addresses, content, headers, network)
    except TimeoutError:
        limit = network.timeout.total_seconds()
        raise Unreachable(f"{target.host} did not answer within {limit:g} s.") from None


async def _checked(
    target: httpx.URL, resolve: Resolve, *, allow_private: bool
) -> Sequence[Address]:
    """All addresses of the host. One that is not allowed spoils the others: they may be a bait."""
    try:
        addresses = await resolve(target.raw_host.decode("ascii"), _port(target))
    except OSError as error:
        raise Unreachable(f"The host {target.host} was not found: {error.strerror}.") from error
    if not addresses:
        raise Unreachable(f"The host {target.host} has no address.")
    for address in addresses:
        why = refusal(address, allow_private=allow_private)
        if why is not None:
            raise Refused(
                f"The callback host {target.host} leads to {address}, {why}."
                " Deliveries go to public addresses only, unless"
                " ARCLIGHT_WEBHOOK_ALLOW_PRIVATE allows private ones."
            )
    return addresses[:_MAX_ADDRESSES]


async def _send(
    target: httpx.URL,
    addresses: Sequence[Address],
    content: bytes,
    headers: Mapping[str, str],
    network: Network,
) -> Answer:
    seconds = network.timeout.total_seconds()
    # A share of the time for each address: one that swallows packets must not take it all.
    timeout = httpx.Timeout(seconds, connect=seconds / (len(addresses) + 1))
    failed: Exception | None = None
    async with httpx.AsyncClient(
        trust_env=False, follow_redirects=False, verify=network.tls(), timeout=timeout
    ) as client:
        for address in addresses:
            request = _request(client, target, address, content, headers)
            try:
                response = await client.send(request, stream=True)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                failed = error
                continue
            except httpx.HTTPError as error:
                said = str(error) or type(error).__name__
                raise Unreachable(f"{target.host} broke the connection: {said}.") from error
            await response.aclose()
            return Answer(response.status_code, response.headers.get("retry-after"))
    said = str(failed) or "no answer"
    raise Unreachable(f"No connection to {target.host}: {said}.")


def _request(
    client: httpx.AsyncClient,
    target: httpx.URL,
    address: Address,
    content: bytes,
    headers: Mapping[str, str],
) -> httpx.Request:
    """To the checked address; Host header and TLS name stay those of the callback."""
    return client.build_request(
        "POST",
        target.copy_with(host=str(address)),
        content=content,
        headers={**headers, "host": target.netloc.decode("ascii")},
        extensions={"sni_hostname": target.raw_host.decode("ascii")},
    )


def _port(target: httpx.URL) -> int:
    return target.port or {"https": 443, "http": 80}[target.scheme]
