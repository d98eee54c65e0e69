"""Main program of the shared server's cage: Spark Connect, offered as one Unix socket.

`python -P -s -u connect_server.py SOCKET`, with a Unix socket as file descriptor 3 that carries
JSON lines, and the environment of `server_environment`. Standard library only.

    ← {"ready": {"java": 12, "socket": …}}        the server answers
    → {"ping": 1}     ← {"pong": {"heap_used": …, "heap_committed": …}}    bytes
    → {"collect": 1}  ← {"collected": {…the same…}}    after a full collection

Ends with the Java process, whose exit code it takes; end of file on descriptor 3 ends Java.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

CONTROL = 3
CLASS = "org.apache.spark.sql.connect.service.SparkConnectServer"
START = 120.0
"""Seconds until a server that has not answered is given up."""
PIECE = 1 << 20
"""Bytes that the relay takes at once."""
GRACE = 2.0
"""Seconds for Java to end by itself."""


def main(path: str) -> int:
    """The exit code."""
    os.set_inheritable(CONTROL, False)
    control = socket.socket(fileno=CONTROL)
    port = _free_port()
    java = subprocess.Popen(_command(port), stdin=subprocess.DEVNULL)
    threading.Thread(target=_serve, args=(control, path, port, java), daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: java.terminate())
    code = java.wait()
    return code if code >= 0 else 128 - code


def _command(port: int) -> list[str]:
    settings = {
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": str(port),
        # A taken port is a mistake here; the next one would be found by nobody.
        "spark.connect.grpc.port.maxRetries": "0",
    }
    options = [word for name, value in settings.items() for word in ("--conf", f"{name}={value}")]
    submit = os.path.join(os.environ["SPARK_HOME"], "bin", "spark-submit")
    return [submit, "--class", CLASS, *options, "spark-internal"]


def _serve(control: socket.socket, path: str, port: int, java: "subprocess.Popen[bytes]") -> None:
    try:
        _until_it_answers(port, java)
        listener = _listen(path)
        threading.Thread(target=_accept, args=(listener, port), daemon=True).start()
        _send(control, {"ready": {"java": java.pid, "socket": path}})
        for line in control.makefile("rb"):
            _send(control, _answer(json.loads(line), java.pid))
    except (OSError, ValueError, TimeoutError) as error:
        print(f"The Spark Connect server is given up: {error}", file=sys.stderr)  # noqa: T201
    _end(java)


def _answer(message: Mapping[str, Any], java: int) -> dict[str, Any]:
    if "collect" in message:
        _ask_java(java, "GC.run")
        return {"collected": heap(java)}
    return {"pong": heap(java)}


def _until_it_answers(port: int, java: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + START
    while time.monotonic() < until and java.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1.0).close()
            return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(f"no answer within {START:.0f} s; Java's exit code is {java.poll()}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def _send(control: socket.socket, message: Mapping[str, Any]) -> None:
    control.sendall(json.dumps(message).encode() + b"\n")


def _end(java: "subprocess.Popen[bytes]") -> None:
    java.terminate()
    try:
        java.wait(GRACE)
    except subprocess.TimeoutExpired:
        java.kill()


# --- the relay ---------------------------------------------------------------------------------


def _listen(path: str) -> socket.socket:
    """The socket, for this user alone from its first moment on."""
    Path(path).unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    before = os.umask(0o177)
    try:
        listener.bind(path)
    finally:
        os.umask(before)
    listener.listen(64)
    return listener


def _accept(listener: socket.socket, port: int) -> None:
    while True:
        client, _ = listener.accept()
        try:
            server = socket.create_connection(("127.0.0.1", port), 5.0)
        except OSError:
            client.close()
            continue
        server.settimeout(None)
        server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for pair in ((client, server), (server, client)):
            threading.Thread(target=_pass_on, args=pair, daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    """Everything from one to the other. Each half is closed for itself; both by the last."""
    buffer = memoryview(bytearray(PIECE))
    try:
        while size := source.recv_into(buffer):
            target.sendall(buffer[:size])
    except OSError:
        _close(source)
    _close(target)


def _close(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # Closed already.


# --- Java's heap, by the attach protocol that `jcmd` speaks ------------------------------------


def heap(java: int) -> dict[str, int]:
    """Bytes of heap used and committed; empty when Java does not say."""
    # ` DefNew     total 19648K, used 8137K [0x…`, and the same for the tenured generation.
    found = re.findall(r"total (\d+)K, used (\d+)K", _ask_java(java, "GC.heap_info"))
    if not found:
        return {}
    committed, used = (sum(int(pair[i]) * 1024 for pair in found) for i in (0, 1))
    return {"heap_used": used, "heap_committed": committed}


def _ask_java(java: int, command: str) -> str:
    """What `jcmd JAVA COMMAND` prints; empty when Java does not listen within 2 s."""
    door = Path(f"/tmp/.java_pid{java}")
    try:
        if not door.exists():
            _knock(java, door)
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(10.0)
            connection.connect(str(door))
            connection.sendall(b"".join(p.encode() + b"\0" for p in ("1", "jcmd", command, "", "")))
            return connection.makefile("rb").read().decode(errors="replace")
    except OSError:
        return ""


def _knock(java: int, door: Path) -> None:
    """Ask Java to open its door: a file of that name and a signal."""
    wish = Path(f"/tmp/.attach_pid{java}")
    wish.touch(mode=0o600)
    os.kill(java, signal.SIGQUIT)
    until = time.monotonic() + 2.0
    while not door.exists() and time.monotonic() < until:
        time.sleep(0.02)
    wish.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
