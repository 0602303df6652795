"""The school's texts for messages to families, and the language of each family: lines of the table ``setting``.

The language of a family says something about a student, so it is kept in the register, which is encrypted, and goes
when the student is erased.
"""

import json
from collections.abc import Mapping
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session as OrmSession

from attendance_app.domain.parent_messages import MessageKind, MessageText
from attendance_app.store.repository import Reads, Writes
from attendance_app.store.rows import SettingRow
from attendance_app.store.student_rows import student_row

_TEXT: Final = "messages.text"
_LANGUAGE: Final = "messages.language"


class MessageReads(Reads):
    """The texts that were kept, and the languages of families."""

    def texts(self, kind: MessageKind) -> Mapping[str, MessageText]:
        """Return the texts that the school has kept, by language; none is there before one is kept."""
        return {language: MessageText(**json.loads(text)) for language, text in self._lines(f"{_TEXT}/{kind}/")}

    def languages(self) -> Mapping[int, str]:
        """Return the language of each family that has one of its own, by the student's id."""
        return {int(student_id): language for student_id, language in self._lines(f"{_LANGUAGE}/")}

    def _lines(self, prefix: str) -> list[tuple[str, str]]:
        query = select(SettingRow).where(SettingRow.key.startswith(prefix, autoescape=True)).order_by(SettingRow.key)
        with self._read() as session:
            return [(row.key.removeprefix(prefix), row.value) for row in session.scalars(query)]


class MessageWrites(MessageReads, Writes):
    """Texts and languages inside a transaction."""

    def keep_text(self, kind: MessageKind, language: str, text: MessageText) -> None:
        """Keep the school's text in place of the one in this language."""
        value = json.dumps({"subject": text.subject, "body": text.body}, ensure_ascii=False)
        self._session.merge(SettingRow(key=f"{_TEXT}/{kind}/{language}", value=value))

    def remove_text(self, kind: MessageKind, language: str) -> None:
        """Remove the text in this language, if one is kept."""
        self._session.execute(delete(SettingRow).where(SettingRow.key == f"{_TEXT}/{kind}/{language}"))

    def set_language(self, student_id: int, language: str) -> None:
        """Set the language of a student's family, empty: the usual one. Raises NotFoundError."""
        student_row(self._session, student_id)
        if language:
            self._session.merge(SettingRow(key=family_language_key(student_id), value=language))
        else:
            drop_family_language(self._session, student_id)


def family_language_key(student_id: int) -> str:
    """Return the key of the line that has the language of a student's family."""
    return f"{_LANGUAGE}/{student_id}"


def drop_family_language(session: OrmSession, student_id: int) -> None:
    """Delete the language of a family whose student is deleted."""
    session.execute(delete(SettingRow).where(SettingRow.key == family_language_key(student_id)))
