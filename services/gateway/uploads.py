"""A multipart body written to a file as it comes, with nothing held in memory."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import BinaryIO

from anyio import to_thread
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from services.gateway.problems import Place, ProblemError

WRITE_EVERY = 1024**2
"""Bytes. One hop into a thread per chunk of the network (64 kB) would cost more than the write."""
_MAX_HEADER = 8192


class FileReceiver:
    """Finds the first part with a file name and hands its bytes on."""

    def __init__(self, content_type: str, limit: int) -> None:
        media_type, options = parse_options_header(content_type)
        if media_type != b"multipart/form-data":
            raise ProblemError(
                "UNSUPPORTED_MEDIA_TYPE",
                f"An upload is multipart/form-data, not {content_type or 'without a type'!r}.",
                hint="Send the file as the part `file`: curl -F file=@DATA.csv …",
            )
        if not options.get(b"boundary"):
            raise ProblemError("UPLOAD_MALFORMED", "The content type names no boundary.")
        self.filename: str | None = None
        self.pending = bytearray()
        self._limit = limit
        self._received = 0
        self._done = self._inside = self._ended = False
        self._name, self._value, self._disposition = bytearray(), bytearray(), b""
        self._parser = MultipartParser(
            options[b"boundary"],
            {
                "on_part_begin": self._begin,
                "on_header_field": self._collect(self._name),
                "on_header_value": self._collect(self._value),
                "on_header_end": self._header,
                "on_headers_finished": self._headers,
                "on_part_data": self._data,
                "on_part_end": self._end,
                "on_end": self._finish,
            },
        )

    def feed(self, chunk: bytes) -> None:
        """Parse the next bytes of the body."""
        try:
            self._parser.write(chunk)
        except FormParserError as error:
            raise ProblemError("UPLOAD_MALFORMED", f"The form is malformed: {error}") from None

    def close(self) -> None:
        """The body has ended."""
        if not self._ended:
            raise ProblemError("UPLOAD_MALFORMED", "The form ends before its closing boundary.")
        if self.filename is None:
            raise ProblemError(
                "UPLOAD_MISSING_FILE",
                "The form has no part with a file name.",
                errors=[Place(detail="missing", pointer="/file")],
            )

    def _begin(self) -> None:
        self._disposition = b""

    def _collect(self, into: bytearray) -> Callable[[bytes, int, int], None]:
        def collect(data: bytes, start: int, end: int) -> None:
            into.extend(data[start:end])
            if len(into) > _MAX_HEADER:
                raise ProblemError("UPLOAD_MALFORMED", "A part has an endless header.")

        return collect

    def _header(self) -> None:
        if bytes(self._name).lower() == b"content-disposition":
            self._disposition = bytes(self._value)
        self._name.clear()
        self._value.clear()

    def _headers(self) -> None:
        _, options = parse_options_header(self._disposition)
        named = options.get(b"filename")
        self._inside = named is not None and not self._done
        if self._inside and named is not None:
            self.filename = named.decode("utf-8", "replace")

    def _data(self, data: bytes, start: int, end: int) -> None:
        if not self._inside:
            return
        self._received += end - start
        if self._received > self._limit:
            raise too_large(self._limit)
        self.pending.extend(data[start:end])

    def _end(self) -> None:
        self._done = self._done or self._inside
        self._inside = False

    def _finish(self) -> None:
        self._ended = True


async def receive_file(
    content_type: str, stream: AsyncIterator[bytes], path: Path, limit: int
) -> str:
    """Write the form's file to `path`; return the name it came with. Raises ProblemError."""
    receiver = FileReceiver(content_type, limit)
    with path.open("wb") as file:
        async for chunk in stream:
            receiver.feed(chunk)
            if len(receiver.pending) >= WRITE_EVERY:
                await to_thread.run_sync(_flush, receiver, file)
        receiver.close()
        await to_thread.run_sync(_flush, receiver, file)
    return receiver.filename or "upload"


def too_large(limit: int) -> ProblemError:
    """The answer to a file above the limit."""
    return ProblemError(
        "UPLOAD_TOO_LARGE",
        f"The file is larger than {limit:,} bytes, the most that is accepted here.",
        headers={"Connection": "close"},
        limit=limit,
    )


def _flush(receiver: FileReceiver, file: BinaryIO) -> None:
    file.write(receiver.pending)
    receiver.pending.clear()
