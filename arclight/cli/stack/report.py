"""What the stack tells whoever watches it start, run and stop."""

from typing import Protocol


class Report(Protocol):
    """Gets the stack's news; called from the thread that runs the stack."""

    def service(self, name: str, state: str, seconds: float | None = None) -> None:
        """`name` is now `starting`, `ready` (after so many seconds) or `stopped`."""
        ...

    def say(self, text: str) -> None:
        """One sentence, such as a service that died and is started again."""
        ...


class Silent:
    """Keeps the news to itself."""

    def service(self, name: str, state: str, seconds: float | None = None) -> None: ...

    def say(self, text: str) -> None: ...
