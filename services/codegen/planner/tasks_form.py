"""A form: one way to ask for a computation, and what it computes."""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from arclight.contracts.failure import Failure, FailureKind, StepFailed
from services.codegen.planner.plan import Argument, Compute, Task
from services.codegen.planner.tasks_said import Said

BOUND = (
    r"(?P<bound>below #|upto #|# to #|(?:above|atleast) #(?: and| ,| but)* (?:below|upto) #"
    r"|(?:below|upto) #(?: and| ,| but)* (?:above|atleast) #)"
)
"""A range of whole numbers; `Found.span` reads it."""
LIST = r"(?P<list>#(?:(?: (?:,|and|;|&))* #)+)"
"""Two numbers or more."""
TEXTS = r'(?P<texts>"(?:(?: (?:,|and|;|&))* ")*)'
SEED = 42
"""The seed of a simulation that names none: the same answer each time."""


@dataclass(frozen=True)
class Asked:
    """A computation, and what was assumed."""

    compute: Compute
    notes: tuple[str, ...] = ()


def asked(task: Task, *args: Argument, note: str | Sequence[str] = "") -> Asked:
    """A computation with its arguments; empty notes are left out."""
    notes = (note,) if isinstance(note, str) else note
    return Asked(Compute(task, args), tuple(n for n in notes if n))


@dataclass(frozen=True)
class Found:
    """A form that fits, with the numbers in its groups."""

    match: re.Match[str]
    said: Said

    def has(self, group: str) -> bool:
        """True when the group took part in the match and is not empty."""
        return bool(self.match[group])

    def reals(self, group: str) -> tuple[int | float, ...]:
        """The numbers in a group, in order; none when it took no part. Raises StepFailed."""
        if not self.has(group):
            return ()
        before = self.match.string[: self.match.start(group)].count("#")
        found = self.said.numbers[before : before + self.match[group].count("#")]
        if not all(map(math.isfinite, found)):
            raise refused("A number is too large.", "Ask with smaller numbers.")
        return found

    def wholes(self, group: str) -> tuple[int, ...]:
        """The numbers in a group. Raises StepFailed for one with a fraction."""
        return tuple(whole(n) for n in self.reals(group))

    def number(self, group: str = "n") -> int:
        """The only number in a group. Raises StepFailed for one with a fraction."""
        return self.wholes(group)[0]

    def span(self, first: int) -> tuple[int, int]:
        """Lowest and highest number of the BOUND, both included; `first` where it names no lowest.

        Raises StepFailed for an empty range.
        """
        low, high = first, first
        pieces = re.findall(r"below #|upto #|above #|atleast #|# to #", self.match["bound"])
        numbers = list(self.wholes("bound"))
        for piece in pieces:
            if piece == "# to #":
                low, high = numbers
                break
            number = numbers.pop(0)
            match piece.split()[0]:
                case "below":
                    high = number - 1
                case "upto":
                    high = number
                case "above":
                    low = number + 1
                case _:
                    low = number
        if low > high:
            raise refused(
                f"No whole number lies between {low} and {high}.",
                "Name the smaller end of the range first.",
            )
        return low, high


Build = Callable[[Found], Asked]
"""What a form that fits asks for. Raises StepFailed for numbers that cannot be."""


@dataclass(frozen=True)
class Form:
    """`pattern` over the whole canonical text. `chance`: seed and samples have a meaning here.

    `weak`: its words say so little that it is not tried where tables are given.
    """

    pattern: re.Pattern[str]
    ask: Build
    chance: bool = False
    weak: bool = False


def form(pattern: str, ask: Build, *, chance: bool = False, weak: bool = False) -> Form:
    """A form with its pattern compiled."""
    return Form(re.compile(pattern), ask, chance, weak)


def fitting(forms: Sequence[Form], said: Said, *, tables: bool) -> Asked | None:
    """What the first form that fits asks for. Raises StepFailed for numbers that cannot be."""
    for one in forms:
        if (one.weak and tables) or not (one.chance or _plain(said)):
            continue
        match = one.pattern.fullmatch(said.text)
        if match is not None:
            return one.ask(Found(match, said))
    return None


def _plain(said: Said) -> bool:
    return said.seed is None and said.samples is None


def whole(number: int | float) -> int:
    """`number`, when it has no fraction. Raises StepFailed."""
    if not isinstance(number, int):
        raise refused(f"{number} is not a whole number.", "Ask with whole numbers.")
    return number


def within(number: int, low: int, high: int, what: str) -> int:
    """`number`, when it lies between both ends. Raises StepFailed."""
    if not low <= number <= high:
        raise refused(
            f"{what} {_short(number)} is not possible here.",
            f"Ask with a number between {low:,} and {high:,}.",
        )
    return number


def _short(number: int) -> str:
    if abs(number) >= 10**15:
        return f"of about {number:.0e}" if abs(number) < 10**300 else "of hundreds of digits"
    return f"{number:,}"


def refused(reason: str, hint: str) -> StepFailed:
    """The failure of a computation that was understood and has no answer."""
    return StepFailed(
        Failure(
            kind=FailureKind.REQUEST,
            code="PROMPT_NOT_UNDERSTOOD",
            message=f"The question cannot be planned. {reason}",
            hint=hint,
            details={"words": [], "columns": {}},
        )
    )
