"""When a student came, as the teacher types it: a time of day of the session's own day."""

import re
from datetime import datetime, timedelta, tzinfo

from attendance_app.domain.sessions import Session
from attendance_app.services.errors import ArrivalNotInSession, ArrivalUnreadable

_CLOCK = re.compile(r"(\d{1,2})[:.hH](\d{2})\s*(?:([ap])\.?\s?m\.?)?", re.IGNORECASE)
_BEFORE, _AFTER = timedelta(hours=1), timedelta(hours=12)
"""How long before a session's start and after it somebody may come to it."""


def read_arrival(text: str, session: Session, zone: tzinfo | None = None) -> datetime:
    """Return the moment that a time of day such as "8:17", "08.17" or "2:05 pm" names.

    ``zone``: of the clock on the wall, None: this machine's. Raises ArrivalUnreadable, ArrivalNotInSession.
    """
    found = _CLOCK.fullmatch(text.strip().replace("\u202f", " ").replace("\xa0", " "))
    hour, minute = (int(found[1]), int(found[2])) if found else (99, 0)
    if found and found[3]:
        hour = hour % 12 + (12 if found[3].lower() == "p" else 0) if 1 <= hour <= 12 else 99
    if hour > 23 or minute > 59:
        raise ArrivalUnreadable(text=text)
    started = session.started_at.astimezone(zone)
    # A session over midnight has two days.
    for day in (started.date(), started.date() + timedelta(days=1)):
        # Made anew and not shifted: on the day of a change to summer time the hours differ in their distance from UTC.
        moment = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone).astimezone(zone)
        if started - _BEFORE <= moment <= started + _AFTER:
            return moment
    raise ArrivalNotInSession(text=text, started=f"{started:%H:%M}")
