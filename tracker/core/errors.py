"""The two ways of saying no: to a person (`Refused`) and to whoever runs the system."""


class Refused(Exception):
    """A use case may not go on. Nothing was changed.

    reason: a sentence in the user's language, fit for the page.
    field: the name of the form field that it belongs beside, or None for the whole form.
    """

    status = 422

    def __init__(self, reason: str, field: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.field = field


class NotAllowed(Refused):
    """The person may see the case, and may not do this."""

    status = 403


class OutOfDate(Refused):
    """Somebody else changed the case since the page was opened."""

    status = 409


class ConfigurationError(Exception):
    """A setting is missing or wrong; the text is one line that says which and what to do."""
