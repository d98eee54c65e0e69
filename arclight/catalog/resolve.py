"""A job's sources as tables, each under a name of its own."""

from collections.abc import Sequence

from arclight.catalog.names import unused_name
from arclight.catalog.profile import TableProfile
from arclight.catalog.upload import UnknownSource, UploadCatalog
from arclight.contracts.failure import Failure, FailureKind, StepFailed
from arclight.contracts.source import Source, UploadSource
from arclight.runtime.artifacts import Artifacts


def profiles(
    sources: Sequence[Source], artifacts: Artifacts, *, again: bool = False
) -> tuple[TableProfile, ...]:
    """The profile of every source, in order; `again`: from the files as they stand now, and from
    far more of their rows.

    Names that the user gave stay; a name that a file gave gets `_2`, `_3`, … when it is taken.
    Raises StepFailed with kind `request` for a source that cannot be found or read.
    """
    uploads = UploadCatalog(artifacts)
    found = [(source, _profile(source, uploads, again)) for source in sources]
    taken = _given_names(sources)
    named: list[TableProfile] = []
    for source, profile in found:
        if getattr(source, "name", None) is None:
            profile = profile.model_copy(update={"name": unused_name(profile.name, taken)})
            taken.add(profile.name.casefold())
        named.append(profile)
    return tuple(named)


def _given_names(sources: Sequence[Source]) -> set[str]:
    taken: set[str] = set()
    for source in sources:
        name = getattr(source, "name", None)
        if name is None:
            continue
        if name.casefold() in taken:
            raise _failed(
                "DUPLICATE_SOURCE_NAME",
                f"Two sources are named {name!r}.",
                "Give every source a name of its own, or leave the names out.",
                name=name,
            )
        taken.add(name.casefold())
    return taken


def _profile(source: Source, uploads: UploadCatalog, again: bool) -> TableProfile:
    if not isinstance(source, UploadSource):
        raise _failed(
            "SOURCE_KIND_UNAVAILABLE",
            f"Sources of kind {source.kind!r} cannot be read yet.",
            "Export the table as CSV or Parquet, upload the file, and name the upload as source.",
            kind=source.kind,
        )
    try:
        read = uploads.read_again if again else uploads.profile
        return read(source.id, source.name)
    except UnknownSource:
        raise _failed(
            "UNKNOWN_SOURCE",
            f"No upload has the id {source.id}.",
            "Upload the file again and use the id that the upload answers with.",
            id=source.id,
        ) from None


def _failed(code: str, message: str, hint: str, **details: str) -> StepFailed:
    return StepFailed(
        Failure(
            kind=FailureKind.REQUEST, code=code, message=message, hint=hint, details=dict(details)
        )
    )
