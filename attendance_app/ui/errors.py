"""Known errors in the user's language: the template is translated, then filled."""

from attendance_app.domain.errors import KnownError
from attendance_app.ui.i18n import KNOWN_ERROR, translated


def message_of(error: KnownError) -> str:
    """What happened, translated."""
    return _filled(error, error.message_template)


def remedy_of(error: KnownError) -> str:
    """What to do, translated."""
    return _filled(error, error.remedy_template)


def _filled(error: KnownError, template: str) -> str:
    return translated(KNOWN_ERROR, template).format(**error.details)
