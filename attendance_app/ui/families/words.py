"""Words about messages for families: their languages, and the fields of their texts."""

from attendance_app.domain.parent_messages import MessageKind
from attendance_app.ui.i18n import LANGUAGES, tr


def language_words(language: str) -> str:
    """Return a language's own name, or the one that the school has typed."""
    return LANGUAGES.get(language, language)


def kind_words(kind: MessageKind) -> str:
    """Return what messages of a kind are about."""
    words = {MessageKind.ABSENT: tr("Absent from a session"), MessageKind.BELOW: tr("Below the limit", "of attendance")}
    return words[kind]


def field_words(field: str) -> str:
    """Return what a field stands for."""
    return {
        "name": tr("the student's whole name"),
        "given_name": tr("the given name"),
        "family_name": tr("the family name"),
        "number": tr("the student number"),
        "course": tr("the course"),
        "date": tr("the day of the session"),
        "time": tr("when it began"),
        "topic": tr("its topic"),
        "attended": tr("the share attended"),
        "limit": tr("the school's limit"),
        "absences": tr("how many absences"),
        "lates": tr("how many late arrivals"),
        "in_a_row": tr("absences in a row until now"),
        "since": tr("the day since which it is below"),
    }[field]
