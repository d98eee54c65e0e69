"""Spark's processes as they run inside cages, started bare and spoken with as a runner does."""
