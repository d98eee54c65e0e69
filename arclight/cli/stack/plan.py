"""Which processes a stack consists of, decided before any is started."""

import ipaddress
import os
import secrets
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from arclight.cli.stack.child import Child
from arclight.cli.stack.home import Home
from arclight.contracts.failure import ArclightError
from arclight.runtime.services import SERVICES, Service, without_secrets
from arclight.runtime.settings import Settings

FLOWER_USER = "arclight"


class StackError(ArclightError):
    """The stack cannot run; the text says why and what to do."""


@dataclass(frozen=True)
class Flower:
    """Where Flower answers, and what it asks for; the password is new at every start."""

    port: int
    password: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def plan_flower(settings: Settings) -> Flower:
    """Flower beside the gateway's port, or on a free one."""
    port = settings.port + 1
    if port > 65535 or not can_bind("127.0.0.1", port):
        port = free_port()
    return Flower(port=port, password=secrets.token_urlsafe(18))


def check(settings: Settings, home: Home) -> None:
    """Raises StackError for an address that must not or cannot be served."""
    if not _loopback(settings.host) and not (settings.api_keys or home.api_key()):
        raise StackError(
            f"{settings.host} can be reached from other machines, and there is no API key yet. "
            "Set ARCLIGHT_API_KEYS, or run `arclight up` on 127.0.0.1 once, which makes one."
        )
    if not can_bind(settings.host, settings.port):
        raise StackError(
            f"Port {settings.port} on {settings.host} is taken by another program. "
            "Stop that program, or choose another port with --port."
        )


def service_child(service: Service, settings: Settings, home: Home) -> Child:
    """The process of one service."""
    env = {**os.environ, **env_of(settings)}
    if service.runner is not None:
        env = dict(without_secrets(env))
    return Child(service.name, service.command(), env, home.log(service.name), home.path)


def flower_child(flower: Flower, settings: Settings, home: Home) -> Child:
    """Flower as a process; its password travels in the environment, where `ps` shows none."""
    app = "arclight.runtime.flower_app:app"
    where = ("--address=127.0.0.1", f"--port={flower.port}")
    command = (sys.executable, "-m", "celery", "-A", app, "flower", *where)
    env = {
        **os.environ,
        **env_of(settings),
        "FLOWER_BASIC_AUTH": f"{FLOWER_USER}:{flower.password}",
    }
    return Child("flower", command, env, home.log("flower"), home.path)


def env_of(settings: Settings) -> Mapping[str, str]:
    """What every process of the stack must agree on."""
    return {
        "ARCLIGHT_HOME": str(settings.home_dir),
        "ARCLIGHT_REDIS_URL": settings.redis_url,
        "ARCLIGHT_ARTIFACTS": settings.artifact_root,
        "ARCLIGHT_HOST": settings.host,
        "ARCLIGHT_PORT": str(settings.port),
        "ARCLIGHT_LAZY": str(settings.lazy).lower(),
        # `python -m` would put the current folder before the installed packages.
        "PYTHONSAFEPATH": "1",
    }


def names(*, flower: bool) -> list[str]:
    """Every line of the status display, in order of start."""
    return ["store", *(s.name for s in SERVICES), *(["flower"] if flower else [])]


def url_of(settings: Settings) -> str:
    """The gateway's address as seen from this machine."""
    host = settings.host
    if host in ("0.0.0.0", "::"):
        host = "127.0.0.1" if host == "0.0.0.0" else "::1"
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"


def free_port() -> int:
    """A port of 127.0.0.1 that nobody uses now."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def can_bind(host: str, port: int) -> bool:
    """True when nobody listens there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            s.bind((host, port))
        except OSError:
            return False
        return True


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
