"""When a repair reads the schema again, instead of trusting what was known at the first attempt."""

from collections.abc import Callable, Sequence

from arclight.catalog.resolve import profiles
from arclight.contracts.failure import StepFailed
from arclight.runtime.work import Work
from services.codegen.generator import Ask, Draft, Repairer, Tried

FROM_ATTEMPT = 3
"""Two programs that failed: what was known of the data was not enough."""
DOUBTFUL = frozenset({"UNRESOLVED_COLUMN", "HEADER_DIFFERS", "BAD_VALUE"})
"""Failures that say themselves that the files are not what was known of them."""


class ReadsAgain:
    """A repairer that looks at the files again where it helps. Implements Repairer.

    At once where the last failure throws doubt on the schema or from the third attempt on, else
    when the repairer knows no other program without.
    """

    def __init__(self, repairer: Repairer, again: Callable[[Ask], Ask]) -> None:
        """`again`: the same question over the files as they stand now."""
        self.name = repairer.name
        self._repairer = repairer
        self._again = again

    def repair(self, ask: Ask, tried: Sequence[Tried]) -> Draft:
        """A changed program. Raises StepFailed when the repairer knows none, even so."""
        if not ask.tables:
            return self._repairer.repair(ask, tried)
        if not _doubtful(tried):
            try:
                draft = self._repairer.repair(ask, tried)
            except StepFailed:
                return self._repairer.repair(self._again(ask), tried)
            if draft.program not in {t.program for t in tried}:
                return draft
        return self._repairer.repair(self._again(ask), tried)


def read_again(ask: Ask, work: Work) -> Ask:
    """The same question over the files as they stand now."""
    sources = work.job.request.sources
    tables = profiles(sources, work.artifacts, again=True)
    work.log("codegen: the schema was read again, from the files as they stand now")
    return ask.model_copy(update={"tables": tables, "first": ask.tables})


def _doubtful(tried: Sequence[Tried]) -> bool:
    failure = tried[-1].failure
    return len(tried) + 1 >= FROM_ATTEMPT or (failure is not None and failure.code in DOUBTFUL)
