"""What a program is judged against."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from arclight.catalog.profile import TableProfile
from arclight.contracts.names import Framework
from arclight.contracts.source import S3Source, Source, UploadSource


class Declared(NamedTuple):
    """A source that the job may read: a file has a URI, a catalog table only its name."""

    name: str
    uri: str
    kind: str = ""
    """`glue`, `postgres` and so on, as the source says; empty when it does not matter."""


class Table(NamedTuple):
    """A source whose columns are known."""

    source: Declared
    profile: TableProfile


@dataclass(frozen=True)
class Context:
    """The job's side: what was asked, and what may be read."""

    framework: Framework = Framework.AUTO
    sources: tuple[Declared, ...] = ()
    prompt: str = ""
    planned: tuple[str, ...] = ()
    """Names of the sources that the plan reads."""
    generated_data: bool = False
    """The answer may consist of rows that the program makes itself."""
    brought: bool = False
    """A person wrote the program: it may print its answer instead of writing it."""
    tables: tuple[Table, ...] = ()
    """Those of the sources whose columns are known."""

    @property
    def must_come_from_sources(self) -> bool:
        return bool(self.sources) and not self.generated_data

    def listed(self) -> str:
        """The declared sources, as a hint names them: at most five."""
        shown = [f"{s.name} ({s.uri})" if s.uri else s.name for s in self.sources[:5]]
        more = len(self.sources) - len(shown)
        return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def declared(sources: Sequence[Source]) -> tuple[Declared, ...]:
    """The job's sources by name and URI."""
    return tuple(_declared(s) for s in sources)


def _declared(source: Source) -> Declared:
    if isinstance(source, UploadSource | S3Source):
        last = source.uri.rstrip("/").rpartition("/")[2]
        return Declared(source.name or last.partition(".")[0], source.uri, source.kind)
    database = getattr(source, "db_schema", source.database)
    return Declared(f"{database}.{source.table}", "", source.kind)
