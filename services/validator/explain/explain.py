"""What a program does, in sentences."""
from services.validator.analysis.facts import Facts
from services.validator.context import Context


def explain(facts: Facts, context: Context) -> tuple[str, ...]:
    return ()
