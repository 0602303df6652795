"""Words for timetables and calendar files that are refused."""

from typing import Final

from attendance_app.services.timetable import errors
from attendance_app.words.kinds import Table, Words

WORDS: Final[Table] = {
    errors.DayUnreadable: Words("{text} is no day.", remedy="Write year, month and day: 2026-09-01."),
    errors.ClockUnreadable: Words("{text} is no time of day.", remedy="Write hours and minutes: 8:00 or 14:30."),
    errors.WeekdayUnreadable: Words(
        "{text} is no day of the week.", remedy="Write its English name or the first letters, such as mon or friday."
    ),
    errors.PeriodBackwards: Words(
        "The last day, {last}, is before the first, {first}.", remedy="Write the earlier day first."
    ),
    errors.LessonWithoutLength: Words("The lesson ends when it starts, at {starts}.", remedy="Write a later end."),
    errors.NoSuchTimetableLine: Words("The timetable has no line {number}.", remedy="It has {lines}; look at it anew."),
    errors.CalendarNotThere: Words("There is no file {path}.", remedy="Check the path."),
    errors.CalendarUnreadable: Words(
        "The calendar {path} can't be read: {reason}.", remedy="Check that you may read the file, or save it anew."
    ),
    errors.CalendarTooLarge: Words(
        "The calendar {path} is larger than a school's calendar: the limit is {most} (MB, or events).",
        remedy="Export a shorter time or a single calendar.",
    ),
    errors.NotACalendar: Words(
        "{path} is no iCalendar file.",
        remedy="Export the calendar as iCalendar (.ics): its first line is BEGIN:VCALENDAR.",
    ),
    errors.CalendarBroken: Words(
        "Line {line} of the calendar {path} can't be read: {text}",
        remedy="Nothing was changed. Correct that line, or export the calendar again.",
    ),
    errors.CalendarCutOff: Words(
        "The calendar {path} ends before what was begun in line {line} is ended: {text}",
        remedy="Nothing was changed. The file is cut off: export or download the calendar again.",
    ),
}
