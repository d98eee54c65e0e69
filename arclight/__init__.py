"""Arclight: plain words in, a verified answer out, with its origin beside it."""

__version__ = "0.1.0"
