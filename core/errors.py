"""The family of errors: a stable code and data, translated to HTTP, Telegram or a terminal only at the border."""


class ParleyError(Exception):
    """Something that a caller must mend: `code` is stable and machine-readable, `data` says what it was about."""

    code = "error"

    def __init__(self, message: str, **data: object) -> None:
        super().__init__(message)
        self.data = data


class InvalidInput(ParleyError):
    """A value from outside that cannot be read; the message says what to give instead."""

    code = "invalid_input"


class NotFound(ParleyError):
    """Nothing with this identity exists, or the caller may not know that it does."""

    code = "not_found"


class NotAllowed(ParleyError):
    """The caller's role does not permit this."""

    code = "not_allowed"


class InvariantBroken(ParleyError):
    """A promise of the house is broken; this is a defect, never a user's mistake."""

    code = "invariant_broken"
