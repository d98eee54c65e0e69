"""From a symptom to the strategy that answers it."""

from collections.abc import Iterator, Sequence

from arclight.catalog.profile import TableProfile
from services.codegen.planner.plan import Planned
from services.codegen.planner.repairs.follow_header import follow_header
from services.codegen.planner.repairs.leave_out_hive import leave_out_hive
from services.codegen.planner.repairs.qualify_name import qualify_name
from services.codegen.planner.repairs.read_leniently import read_leniently
from services.codegen.planner.repairs.read_line_breaks import read_line_breaks
from services.codegen.planner.repairs.remedy import Remedy
from services.codegen.planner.repairs.spare_memory import spare_memory
from services.codegen.planner.repairs.symptom import (
    AmbiguousColumn,
    BadValue,
    BrokenRecord,
    NoMetastore,
    OtherHeader,
    OutOfMemory,
    Overflow,
    Symptom,
    UnknownColumn,
)
from services.codegen.planner.repairs.take_proposal import take_proposal
from services.codegen.planner.repairs.widen_numbers import widen_numbers

ABOUT_THE_SCHEMA = (BadValue, BrokenRecord, UnknownColumn, OtherHeader)
"""Symptoms that a schema read again from the whole file answers too."""
WHOEVER_WROTE_IT = (OutOfMemory, NoMetastore)
"""Symptoms that the plan's own program may well have too, although another one failed."""


def remedies(
    planned: Planned, symptom: Symptom, again: Sequence[TableProfile] = ()
) -> Iterator[Remedy]:
    """Changed plans for a symptom, the most likely first; none where no plan can answer it.

    `again`: the tables as they were read again from the whole of each file, where they were.
    """
    match symptom:
        case BadValue():
            yield from read_leniently(planned, symptom, again)
        case BrokenRecord():
            yield from read_line_breaks(planned)
        case UnknownColumn(name, proposals):
            yield from take_proposal(planned, name, proposals, again)
        case OtherHeader(expected, header):
            yield from follow_header(planned, expected, header)
        case AmbiguousColumn(name):
            yield from qualify_name(planned, name)
        case Overflow(product):
            yield from widen_numbers(planned, product=product)
        case OutOfMemory():
            yield from spare_memory(planned)
        case NoMetastore():
            yield from leave_out_hive(planned)
