"""The colours of sheets, as RRGGBB without a sign: on paper and in spreadsheets the page is always light."""

from dataclasses import dataclass
from typing import Final

from attendance_app.domain.sessions import Status


@dataclass(frozen=True, slots=True)
class Tint:
    """``ink`` on ``paper`` has a contrast of at least 4.5:1."""

    ink: str
    paper: str


INK: Final = "1A1F26"
HEAD: Final = "2857C4"
"""Behind the column's titles, which are white."""
LINE: Final = "D9DEE5"

TINTS: Final = {
    Status.PRESENT: Tint("11572D", "E1F3E7"),
    Status.LATE: Tint("6E4200", "FDF0D5"),
    Status.ABSENT: Tint("96201A", "FBE4E2"),
    Status.EXCUSED: Tint("553391", "EDE6F9"),
}
