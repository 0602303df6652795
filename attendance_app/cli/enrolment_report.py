"""The report of an enrolment as a file: one line a photo, as CSV or JSON."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields

from attendance_app.cli.messages import message_of, remedy_of
from attendance_app.domain.faces import Flaw
from attendance_app.services.enrolment import EnrolmentResult, ExaminedPhoto
from attendance_app.services.output.files import OutputFile
from attendance_app.services.tables.safe_text import safe_cell
from attendance_app.services.verdicts import Verdict

REMEDIES = {
    Verdict.NO_FACE: "Use a photo in which the face is seen from the front and not covered.",
    Verdict.SEVERAL_FACES: "Cut the photo so that only this student is in it.",
    Verdict.TOO_SMALL: "Use a photo in which the face is at least 18 pixels wide, better 80 or more.",
    Verdict.BLURRED: "Use a sharper photo.",
    Verdict.TOO_DARK: "Take the photo again with light on the face.",
    Verdict.TOO_BRIGHT: "Take the photo again with less light on the face.",
    Verdict.TURNED_AWAY: "Use a photo in which the student looks towards the camera.",
    Verdict.LOOKS_LIKE_ANOTHER: "Check that the photo lies with the right student.",
    Verdict.SAME_PHOTO: "Leave it out for the student whom it does not show.",
    Verdict.LISTED_TWICE: "Nothing to do: this very photo is in the list once already.",
    Verdict.BETTER_THERE: "Nothing to do: the face is small or blurred, and another photo shows it better.",
    Verdict.ALREADY_ENROLLED: "Nothing to do: this very photo is enrolled.",
    Verdict.UNREADABLE: "Export or copy the picture again; JPEG, PNG and HEIC are read.",
    Verdict.NO_CONSENT: "Record the consent first; without it no face template is made.",
    Verdict.UNKNOWN_STUDENT: "Add the student to the course, or let missing students be created.",
    Verdict.NOT_A_PICTURE: "Leave it out; it is no photo.",
}


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One file. ``result`` is "enrolled" or "refused", ``reason``, ``detail`` and ``remedy`` say why it was refused.

    ``warning`` is what is weak or odd about an enrolled photo; ``weak``: it is kept only until there is a better one;
    ``replaced``: how many weak photos of the student it has replaced.
    """

    file: str
    student_id: str
    name: str
    result: str
    reason: str
    detail: str
    remedy: str
    warning: str
    weak: bool
    replaced: int


def report_lines(outcomes: Sequence[EnrolmentResult]) -> list[ReportLine]:
    """Put the outcomes of an enrolment into words."""
    return [_line(outcome) for outcome in outcomes]


REPORT_FORMATS = ("csv", "json")


def write_report(lines: Sequence[ReportLine], out: OutputFile) -> None:
    """Write the lines (json: a list; csv: as Excel reads it). Raises KnownError."""
    if out.format == "json":
        content = json.dumps([asdict(line) for line in lines], ensure_ascii=False, indent=2).encode()
    else:
        text = io.StringIO()
        writer = csv.writer(text)
        names = [field.name for field in fields(ReportLine)]
        writer.writerow(names)
        writer.writerows([safe_cell(str(getattr(line, name))) for name in names] for line in lines)
        # With the mark at the beginning; without it Excel takes the text for one in the system's old encoding.
        content = text.getvalue().encode("utf-8-sig")
    out.write(content)


def _line(outcome: EnrolmentResult) -> ReportLine:
    enrolled = outcome.verdict is Verdict.ENROLLED
    candidate = outcome.candidate
    who = outcome.student or candidate.who
    return ReportLine(
        file=candidate.file,
        student_id=who.number if who else "",
        name=who.name if who else "",
        result="enrolled" if enrolled else "refused",
        reason="" if enrolled else outcome.verdict.value,
        detail=message_of(candidate.error) if candidate.error else candidate.detail,
        remedy=remedy_of(candidate.error) if candidate.error else REMEDIES.get(outcome.verdict, ""),
        warning="; ".join(_warnings(candidate)) if enrolled else "",
        weak=enrolled and candidate.weak,
        replaced=outcome.replaced,
    )


def _warnings(candidate: ExaminedPhoto) -> list[str]:
    flaw = candidate.warning or (Flaw.BLURRED if candidate.weak else None)
    said = [] if flaw is None else [flaw.value]
    if flaw is Flaw.TOO_SMALL and candidate.face is not None:
        said = [f"small face: {candidate.face.pose.quality.width_px} pixels"]
    if candidate.doubt is not None:
        other = f" ({candidate.other.number} {candidate.other.name})" if candidate.other else ""
        said.append(candidate.doubt.value + other)
    return said
