"""The school's texts for messages to families: those that were kept, and the program's own where none was."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from attendance_app.domain.parent_messages import LONGEST_LANGUAGE, MessageKind, MessageText, language_key
from attendance_app.services.errors import BadMessageLanguage, NoMessageText
from attendance_app.services.parent_messages import SchoolTexts, check_text
from attendance_app.store.database import Store
from attendance_app.store.unit import Transaction

DEFAULTS: Final[Mapping[MessageKind, Mapping[str, MessageText]]] = {
    MessageKind.ABSENT: MappingProxyType(
        {
            "en": MessageText(
                "{name} was absent on {date}",
                "Dear family of {name},\n\n"
                "{given_name} was absent from {course} on {date} at {time}.\n\n"
                "Please let us know the reason.\n\n"
                "Kind regards\n",
            ),
            "es": MessageText(
                "Falta de {name}, {date}",
                "Estimada familia de {name}:\n\n"
                "{given_name} no asistió a {course} el {date} a las {time}.\n\n"
                "Les pedimos que nos informen el motivo.\n\n"
                "Atentamente\n",
            ),
        }
    ),
    MessageKind.BELOW: MappingProxyType(
        {
            "en": MessageText(
                "Attendance of {name} in {course}",
                "Dear family of {name},\n\n"
                "{given_name} has attended {attended} of the lessons of {course}. The school expects {limit} or more.\n"
                "Absences: {absences}. Late arrivals: {lates}. Below the limit since {since}.\n\n"
                "Please contact us, so that we can look at it together.\n\n"
                "Kind regards\n",
            ),
            "es": MessageText(
                "Asistencia de {name} en {course}",
                "Estimada familia de {name}:\n\n"
                "{given_name} asistió al {attended} de las clases de {course}. La escuela pide al menos el {limit}.\n"
                "Faltas: {absences}. Retardos: {lates}. Bajo el límite desde el {since}.\n\n"
                "Les pedimos que se comuniquen con nosotros para revisarlo juntos.\n\n"
                "Atentamente\n",
            ),
        }
    ),
}


def school_texts(store: Store, kind: MessageKind, usual: str) -> SchoolTexts:
    """Return the texts of a kind by language, and the languages of families.

    ``usual``: the language of the other families. Raises NoMessageText where there is no text in it.
    """
    texts = SchoolTexts({**DEFAULTS[kind], **store.messages.texts(kind)}, usual, store.messages.languages())
    if usual not in texts.by_language:
        raise NoMessageText(language=usual, known=tuple(texts.by_language))
    return texts


def keep_text(tx: Transaction, kind: MessageKind, language: str, text: MessageText) -> str:
    """Keep a text in a language as the school types it; return what the language is kept under.

    Raises BadMessageLanguage, EmptyMessageText, UnknownMessageField.
    """
    key = checked_language(language, {**DEFAULTS[kind], **tx.messages.texts(kind)})
    check_text(text, kind)
    tx.messages.keep_text(kind, key, MessageText(" ".join(text.subject.split()), text.body.strip() + "\n"))
    return key


def remove_text(tx: Transaction, kind: MessageKind, language: str) -> None:
    """Remove the school's text; in English and Spanish the program's own takes its place. Raises NoMessageText."""
    kept = tx.messages.texts(kind)
    key = checked_language(language, kept)
    if key not in kept:
        raise NoMessageText(language=key, known=tuple(kept))
    tx.messages.remove_text(kind, key)


def set_family_language(tx: Transaction, student_id: int, language: str) -> str:
    """Set the language of a student's family, empty: the usual one; return what it is kept under.

    Raises NotFoundError, NoMessageText where the school has no text in it.
    """
    if not language.strip():
        tx.messages.set_language(student_id, "")
        return ""
    known = [name for kind in MessageKind for name in (*DEFAULTS[kind], *tx.messages.texts(kind))]
    key = checked_language(language, known)
    if key not in known:
        raise NoMessageText(language=key, known=tuple(dict.fromkeys(known)))
    tx.messages.set_language(student_id, key)
    return key


def checked_language(name: str, known: Iterable[str]) -> str:
    """Return what a language is kept under: as it is known already, whatever its case. Raises BadMessageLanguage."""
    key = language_key(name)
    # A slash separates the parts of the line that keeps the text.
    if not key or len(key) > LONGEST_LANGUAGE or "/" in key:
        raise BadMessageLanguage(most=LONGEST_LANGUAGE)
    return next((one for one in known if one.casefold() == key.casefold()), key)
