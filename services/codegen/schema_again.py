"""When a repair reads the schema again, instead of trusting what was known at the first attempt."""

from collections.abc import Callable, Sequence

from arclight.catalog.resolve import profiles
from arclight.contracts.failure import StepFailed
from arclight.runtime.work import Work
from services.codegen.generator import Ask, Draft, Generator, Tried

FROM_ATTEMPT = 3
"""Two programs that failed: what was known of the data was not enough."""
DOUBTFUL = frozenset({"UNRESOLVED_COLUMN", "HEADER_DIFFERS", "BAD_VALUE"})
"""Failures that say themselves that the files are not what was known of them."""


def repair(
    generator: Generator, ask: Ask, tried: Sequence[Tried], again: Callable[[], Ask]
) -> Draft:
    """The generator's repair. Raises StepFailed when it knows none.

    `again` reads the schema again: at once where the last failure throws doubt on it or from the
    third attempt on, else when the generator knows no other program without.
    """
    if not ask.tables:
        return generator.repair(ask, tried)
    if not _doubtful(tried):
        try:
            draft = generator.repair(ask, tried)
        except StepFailed:
            return generator.repair(again(), tried)
        if draft.program not in {t.program for t in tried}:
            return draft
    return generator.repair(again(), tried)


def read_again(ask: Ask, work: Work) -> Ask:
    """The same question over the files as they stand now."""
    sources = work.job.request.sources
    tables = profiles(sources, work.artifacts, again=True)
    work.log("codegen: the schema was read again, from the files as they stand now")
    return ask.model_copy(update={"tables": tables, "first": ask.tables})


def _doubtful(tried: Sequence[Tried]) -> bool:
    failure = tried[-1].failure
    return len(tried) + 1 >= FROM_ATTEMPT or (failure is not None and failure.code in DOUBTFUL)
