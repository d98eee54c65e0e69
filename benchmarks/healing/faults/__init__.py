"""All faults, class by class."""

from benchmarks.healing.fault import Fault
from benchmarks.healing.faults import data, ray, replaced, spark

FAULTS: tuple[Fault, ...] = (*spark.FAULTS, *ray.FAULTS, *data.FAULTS, *replaced.FAULTS)
KINDS: tuple[str, ...] = tuple(dict.fromkeys(f.kind for f in FAULTS))
"""The classes."""
