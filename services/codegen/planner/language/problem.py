"""Why a question that was understood makes no plan."""


class CannotBuild(Exception):
    """`reason` and `hint` say why, in words for the person who asked."""

    def __init__(self, reason: str, hint: str) -> None:
        super().__init__(reason)
        self.reason, self.hint = reason, hint
