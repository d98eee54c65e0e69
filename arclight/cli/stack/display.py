"""The stack's news on a terminal: one line per service, redrawn in place, or plain lines."""

from collections.abc import Sequence

from arclight.cli.term import Terminal


class Display:
    """A Report for people."""

    def __init__(self, term: Terminal, names: Sequence[str]) -> None:
        self._term = term
        self._states: dict[str, tuple[str, float | None]] = dict.fromkeys(names, ("waiting", None))
        self._live = term.live

    def service(self, name: str, state: str, seconds: float | None = None) -> None:
        self._states[name] = (state, seconds)
        if self._live:
            self._term.redraw(*(self._line(n) for n in self._states))
        elif state == "ready":
            self._term.say(self._line(name))

    def say(self, text: str) -> None:
        self._term.say(text)

    def settle(self) -> None:
        """The start is over: what comes now are lasting lines."""
        self._live = False
        self._term.settle()

    def _line(self, name: str) -> str:
        state, seconds = self._states[name]
        term = self._term
        sign, colour = {
            "waiting": (term.sign("·", "-"), "dim"),
            "starting": (term.sign("…", "."), "yellow"),
            "ready": (term.sign("✓", "ok"), "green"),
        }[state]
        took = term.style(f"{seconds:5.1f} s", "dim") if seconds is not None else ""
        return f"{term.style(sign, colour)} {name:<16}{state:<10}{took}".rstrip()
