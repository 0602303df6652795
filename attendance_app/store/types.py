"""Column types that SQLite lacks."""

from datetime import UTC, datetime
from enum import Enum as PythonEnum

from sqlalchemy import DateTime, Dialect, Enum
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """A time: aware in Python, UTC on disk.

    SQLite has no time zones and would drop them silently, so a naive time is refused (ValueError, a bug of ours).
    """

    impl = DateTime
    cache_ok = True  # the type has no parameters, so SQLAlchemy may keep compiled statements

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone can't be stored: {value!r}")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else value.replace(tzinfo=UTC)


def enum_column(kind: type[PythonEnum]) -> Enum:
    """Return the type of a column that stores an enumeration's values as text, without CHECK, because new values may
    be added."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )
