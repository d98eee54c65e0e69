"""The one error of everything that looks into an uploaded file."""

from pydantic import JsonValue

from arclight.contracts.failure import ArclightError


class BadUpload(ArclightError):
    """The file cannot be used as it is; `hint` says what to do about it."""

    def __init__(self, code: str, message: str, hint: str, **details: JsonValue) -> None:
        super().__init__(f"{code}: {message} {hint}")
        self.code = code
        self.message = message
        self.hint = hint
        self.details = details
