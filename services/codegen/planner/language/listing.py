"""What a question says of rows by their place in a file, or of two rows side by side."""

from dataclasses import dataclass

from services.codegen.planner.language.query import Agg
from services.codegen.planner.language.slots import Slot


@dataclass
class Listing:
    """Written by the rules as they read, and settled once all has been read."""

    beside: Slot | None = None
    """The value that names a row whose neighbours are asked for."""
    downwards: bool = True
    """Neighbours further down in the file, not further up."""
    end: str = ""
    """`first` or `last`: the end of the order that is asked for."""
    end_noun: int = -1
    """The segment after `first` or `last`."""
    end_placed: bool = False
    """`ranked first`, `finished last`."""
    listed: bool = False
    """The order of the file is meant, as it says `listed`."""
    chosen: bool = False
    """One of two is asked for: `which has more, A or B`."""
    gap_of: Agg | None = None
    """What two rows differ in: `how much taller is A than B`."""
    like: Slot | None = None
    """The value that names a row like which others are asked for."""
