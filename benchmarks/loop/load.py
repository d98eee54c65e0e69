"""A closed-loop HTTP client: some connections, each sending the next request after its answer."""

import asyncio
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """One request, ready to send, to one local server."""

    port: int
    method: str
    path: str
    key: str
    body: bytes = b""

    @property
    def raw(self) -> bytes:
        head = (
            f"{self.method} {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Authorization: Bearer {self.key}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(self.body)}\r\n\r\n"
        )
        return head.encode() + self.body


async def rate(target: Target, seconds: float, connections: int = 16) -> float:
    """Answers per second over `seconds`. Raises RuntimeError for an answer that is no success."""
    end = time.perf_counter() + seconds
    start = time.perf_counter()
    counts = await asyncio.gather(*(_client(target, end) for _ in range(connections)))
    return sum(counts) / (time.perf_counter() - start)


async def _client(target: Target, end: float) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", target.port)
    count = 0
    while time.perf_counter() < end:
        writer.write(target.raw)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 20"):
            raise RuntimeError(head.decode())
        length = head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]
        await reader.readexactly(int(length))
        count += 1
    writer.close()
    await writer.wait_closed()
    return count
