"""Faulty programs through the real loop: how many end right, and what it costs."""
