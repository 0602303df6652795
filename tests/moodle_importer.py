"""What Moodle's plugin Attendance makes of an uploaded file, written from the rules of its importer.

The reader of the file: UTF-8 with or without byte order mark, any ends of lines, a header of two columns or more, every
line with as many cells as the header. The form: the columns ``userid``, ``username``, ``idnumber``, ``email`` are
recognised by their names, ``status`` before ``scantime``. The importer: users are compared in small letters, one that
is unknown or comes twice is refused; a scan time must be readable; else the status must be an acronym to the letter.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

USER_FIELDS = ("userid", "username", "idnumber", "email")


@dataclass
class Imported:
    """Status (or time of arrival) by user, and what the importer complains of."""

    marks: dict[str, str | datetime] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def import_marks(content: bytes, users: Mapping[str, Mapping[str, str]], acronyms: set[str]) -> Imported:
    """Import a file; ``users``: each enrolled user's fields, by login. Raises ValueError for a file that is none."""
    text = content.decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    rows = list(csv.reader(io.StringIO(text)))
    if not rows or len(rows[0]) < 2 or len(rows) < 2:
        raise ValueError("invalid import file")
    header = [cell.strip() for cell in rows[0]]
    if any(len(row) != len(header) for row in rows):
        raise ValueError("weird columns")
    to = next((name for name in USER_FIELDS if name in header), None)
    # The form proposes the first column for the user, whatever it is called.
    if to is None or header[0] != to:
        raise ValueError("the user's field is not recognised")
    status = header.index("status") if "status" in header else None
    scantime = header.index("scantime") if status is None and "scantime" in header else None
    if status is None and scantime is None:
        raise ValueError("neither status nor scan time")
    known = {fields[to].lower(): login for login, fields in users.items() if fields[to]}
    result = Imported()
    for row in rows[1:]:
        login = known.get(row[0].lower())
        if login is None:
            result.problems.append(f"user not found: {row[0]}")
        elif login in result.marks:
            result.problems.append(f"duplicate user: {row[0]}")
        elif scantime is not None and row[scantime]:
            try:
                result.marks[login] = datetime.strptime(row[scantime], "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007
            except ValueError:
                result.problems.append(f"time not readable: {row[scantime]}")
        elif status is not None and row[status] in acronyms:
            result.marks[login] = row[status]
        else:
            result.problems.append(f"status not found: {row}")
    return result
