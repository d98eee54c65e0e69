"""`python -m services.gateway`: serve the API on the settings' host and port."""

import asyncio
import gc
import ipaddress
import socket
import sys
import time

import uvicorn
from redis.exceptions import RedisError

from arclight.contracts.job import utc
from arclight.runtime.keys import RedisKeys, configured_keys
from arclight.runtime.settings import Settings, settings
from arclight.runtime.telemetry import configure
from services.gateway.app import process_app
from services.gateway.context import Gateway

GRACE = 10
"""Seconds that open requests get to end. Streams and long polls leave at once."""


class Server(uvicorn.Server):
    """Tells the open streams that the server stops, so that they do not hold it up."""

    def __init__(self, config: uvicorn.Config, gateway: Gateway) -> None:
        super().__init__(config)
        self._gateway = gateway

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._gateway.stopping.set()
        await super().shutdown(sockets)


def refusal(config: Settings, *, any_key: bool) -> str | None:
    """Why this configuration must not be served; None when it may."""
    if any_key or _is_loopback(config.host):
        return None
    return (
        f"refused to listen on {config.host}: no API key exists, so everyone who reaches this"
        " address could run programs on this machine.\nMake a key with"
        " `python -m arclight.runtime.keys NAME`, or hand keys in with ARCLIGHT_API_KEYS,"
        " or listen on 127.0.0.1 (ARCLIGHT_HOST)."
    )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def _any_key(config: Settings) -> bool:
    if configured_keys(config, utc(time.time())):
        return True
    keys = RedisKeys.from_settings(config)
    try:
        return await keys.any()
    finally:
        await keys.close()


def main() -> None:
    """Serve until a signal comes."""
    config = settings()
    configure(config, "gateway")
    try:
        any_key = _is_loopback(config.host) or asyncio.run(_any_key(config))
        reason = refusal(config, any_key=any_key)
    except ValueError as error:
        sys.exit(f"gateway: {error}")
    except RedisError as error:
        sys.exit(f"gateway: cannot look for API keys, the store does not answer: {error}")
    if reason:
        sys.exit(f"gateway: {reason}")
    app = process_app()
    server = Server(
        uvicorn.Config(
            app,
            host=config.host,
            port=config.port,
            loop="uvloop",
            http="httptools",
            access_log=False,
            log_config=None,
            server_header=False,
            timeout_graceful_shutdown=GRACE,
        ),
        app.state.gateway,
    )
    # What is loaded now stays: without this, each full collection looks through all of it again.
    gc.collect()
    gc.freeze()
    server.run()


if __name__ == "__main__":
    main()
