"""The cage that a generated program runs in: what it may reach, and what holds it."""
