"""Becomes Ray's runtime-environment agent when the first program needs one.

`python -S -E lazy_agent.py COMMAND…`, COMMAND being the agent's own. The agent costs 84 MB, and few
programs ask for a runtime environment. Until then this process keeps its port; the raylet tries
again a second after the connection that woke it was lost.
"""

import os
import socket
import sys


def main(command: list[str]) -> None:
    prefix = "--runtime-env-agent-port="
    port = next(int(word[len(prefix) :]) for word in command if word.startswith(prefix))
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen()
        connection, _ = listener.accept()
        connection.close()
    os.execv(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
