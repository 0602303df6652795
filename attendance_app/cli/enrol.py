"""``attendance enrol``: photos of the students of a course become face templates."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from attendance_app.bootstrap import open_data, open_enrolment, open_reader
from attendance_app.cli.context import cli_context
from attendance_app.cli.output import Json, print_json
from attendance_app.cli.progress import TerminalJob

if TYPE_CHECKING:
    from attendance_app.services.enrolment import Outcome


def enrol(
    context: typer.Context,
    path: Annotated[
        Path,
        typer.Argument(
            help="A folder with one folder a student (ID, 'ID Name' or a name), pictures named by id, or a zip."
        ),
    ],
    course: Annotated[str, typer.Option(help="The course's code.")],
    create_missing: Annotated[bool, typer.Option(help="Add students that are not on the roster yet.")] = False,
    consent: Annotated[
        str | None, typer.Option(help="Record that consent is held for every student of this call, and on what ground.")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Write the report to this file (.csv or .json).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Enrol photos. Every file ends as enrolled, or refused with its reason; Ctrl-C keeps what is done."""
    from attendance_app.services.enrolment import EnrolmentOrder
    from attendance_app.services.exports import write_enrolment_report
    from attendance_app.services.photo_folders import find_photos

    outcomes: list[Outcome] = []
    with open_data(cli_context(context).data_folder) as store:
        order = EnrolmentOrder(store.courses.by_code(course), create_missing, consent)
        photos = find_photos(path)
        enrolment = open_enrolment(store, open_reader())
        try:
            with TerminalJob("Enrolling") as job:
                outcomes.extend(enrolment.enrol(photos, order, job))
        finally:
            if report is not None:
                write_enrolment_report([_row(outcome) for outcome in outcomes], report)
    if as_json:
        print_json({"files": [_row(outcome) for outcome in outcomes], "counts": _counts(outcomes)})
    else:
        _print_summary(outcomes)


def _row(outcome: "Outcome") -> dict[str, str | None]:
    from attendance_app.services.enrolment import Verdict

    enrolled = outcome.verdict is Verdict.ENROLLED
    return {
        "file": outcome.file,
        "student_id": outcome.student.number if outcome.student else None,
        "name": outcome.student.name if outcome.student else None,
        "result": "enrolled" if enrolled else "refused",
        "reason": None if enrolled else outcome.verdict.value,
        "detail": outcome.detail,
        "remedy": outcome.remedy,
    }


def _counts(outcomes: "list[Outcome]") -> dict[str, Json]:
    return dict(Counter(outcome.verdict.value for outcome in outcomes))


def _print_summary(outcomes: "list[Outcome]") -> None:
    from attendance_app.services.enrolment import Verdict

    for outcome in outcomes:
        if outcome.verdict is not Verdict.ENROLLED:
            detail = f" ({outcome.detail})" if outcome.detail else ""
            typer.echo(f"{outcome.file}: {outcome.verdict.value}{detail}. {outcome.remedy}")
    enrolled = sum(outcome.verdict is Verdict.ENROLLED for outcome in outcomes)
    typer.echo(f"{enrolled} of {len(outcomes)} files enrolled.")
