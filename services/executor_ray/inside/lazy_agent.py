"""Becomes Ray's runtime-environment agent when the first program needs one.

`python -S -E lazy_agent.py COMMAND…`, COMMAND being the agent's own. The agent costs 84 MB, and few
programs ask for a runtime environment. Until then this process keeps its port; the raylet tries
again a second after the connection that woke it was lost.
"""

import os
import socket
import sys

LOOK_EVERY = 2.0
"""Seconds between two looks whether the raylet is still there."""


def main(command: list[str]) -> None:
    """Becomes COMMAND, or returns when the raylet that wanted it is gone."""
    raylet = os.getppid()
    prefix = "--runtime-env-agent-port="
    port = next(int(word[len(prefix) :]) for word in command if word.startswith(prefix))
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen()
        listener.settimeout(LOOK_EVERY)
        while not _called(listener):
            # Process 1 adopts orphans and is no raylet: then that was gone before we looked.
            if os.getppid() != raylet or raylet == 1:
                return
    os.execv(command[0], command)


def _called(listener: socket.socket) -> bool:
    try:
        connection, _ = listener.accept()
    except TimeoutError:
        return False
    connection.close()
    return True


if __name__ == "__main__":
    main(sys.argv[1:])
