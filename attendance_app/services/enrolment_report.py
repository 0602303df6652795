"""The report of an enrolment as a file: one line a photo, as CSV or JSON."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields

from attendance_app.services.enrolment import Candidate, Outcome
from attendance_app.services.output.files import OutputFile
from attendance_app.services.tables import safe_cell
from attendance_app.services.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One file. ``result`` is "enrolled" or "refused", ``reason``, ``detail`` and ``remedy`` say why it was refused.

    ``warning`` is what is weak or odd about an enrolled photo.
    """

    file: str
    student_id: str
    name: str
    result: str
    reason: str
    detail: str
    remedy: str
    warning: str


def report_lines(outcomes: Sequence[Outcome]) -> list[ReportLine]:
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
        content = text.getvalue().encode("utf-8-sig")
    out.write(content)


def _line(outcome: Outcome) -> ReportLine:
    enrolled = outcome.verdict is Verdict.ENROLLED
    candidate = outcome.candidate
    who = outcome.student or candidate.who
    return ReportLine(
        file=candidate.file,
        student_id=who.number if who else "",
        name=who.name if who else "",
        result="enrolled" if enrolled else "refused",
        reason="" if enrolled else outcome.verdict.value,
        detail=candidate.detail,
        remedy=outcome.remedy,
        warning="; ".join(_warnings(candidate)) if enrolled else "",
    )


def _warnings(candidate: Candidate) -> list[str]:
    said = [] if candidate.warning is None else [candidate.warning.value]
    if candidate.doubt is not None:
        other = f" ({candidate.other.number} {candidate.other.name})" if candidate.other else ""
        said.append(candidate.doubt.value + other)
    return said
