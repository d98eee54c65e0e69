"""The readings that an unclear question could have, each with the command that takes it."""

import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from arclight.cli.table import tame


def choice_lines(
    details: Mapping[str, Any], command: str = "arclight run", more: str = ""
) -> Iterator[str]:
    """Numbered lines; nothing when the failure offers no choice. `more`: further arguments."""
    choices = [c for c in details.get("choices") or () if isinstance(c, Mapping)]
    if not choices:
        return
    yield "  Did you mean:"
    for number, choice in enumerate(choices, 1):
        yield f"  {number}. {tame(str(choice.get('text', '')))}"
        prompt = " ".join(str(choice.get("prompt", "")).split())
        yield f"     {command} {shlex.quote(tame(prompt))}{more}"
