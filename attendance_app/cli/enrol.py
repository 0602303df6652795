"""``attendance enrol``: photos of the students of a course become face templates."""

from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from attendance_app.bootstrap import open_data, open_enrolment, open_reader, open_view_capture, source_opener
from attendance_app.cli.camera_password import with_asked_password
from attendance_app.cli.context import cli_context
from attendance_app.cli.output import print_json
from attendance_app.cli.output_place import Force, file_place
from attendance_app.cli.progress import TerminalJob
from attendance_app.store.errors import NoConsent

if TYPE_CHECKING:
    from attendance_app.cli.enrolment_report import ReportLine
    from attendance_app.services.enrolment import EnrolmentResult
    from attendance_app.services.photo_folders import PhotoFile
    from attendance_app.store.database import Store


def enrol(
    context: typer.Context,
    path: Annotated[
        Path | None,
        typer.Argument(
            help="A folder with a folder a student (ID, 'ID Name' or a name), pictures named by id, or a zip."
        ),
    ] = None,
    *,
    course: Annotated[str, typer.Option(help="The course's code.")],
    create_missing: Annotated[bool, typer.Option(help="Add students that are not on the roster yet.")] = False,
    without_photo: Annotated[
        bool, typer.Option(help="Enter students and consents also where every photo is refused.")
    ] = False,
    consent: Annotated[
        str | None,
        typer.Option(help="Record that consent is held for every student enrolled by it, and on what ground."),
    ] = None,
    from_camera: Annotated[
        str | None,
        typer.Option(metavar="SOURCE", help="Take three views with a camera (0, webcam:NAME, rtsp://…, a video)."),
    ] = None,
    student: Annotated[str | None, typer.Option(metavar="ID", help="Who sits before the camera.")] = None,
    report: Annotated[Path | None, typer.Option(help="Write the report to this file (.csv or .json).")] = None,
    force: Force = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Enrol photos. Every file ends as enrolled, or refused with its reason; Ctrl-C keeps what is done."""
    from attendance_app.cli.enrolment_report import REPORT_FORMATS, report_lines, write_report
    from attendance_app.services.enrolment import EnrolmentOrder
    from attendance_app.services.photo_folders import find_photos

    if (path is None) == (from_camera is None) or (from_camera is None) != (student is None):
        raise typer.BadParameter("Give a PATH, or --from-camera SOURCE with --student ID.")
    report_file = None if report is None else file_place(report, REPORT_FORMATS, force=force)
    outcomes: list[EnrolmentResult] = []
    with open_data(cli_context(context).data_folder) as store:
        order = EnrolmentOrder(store.courses.by_code(course), create_missing, consent, without_photo)
        photos = find_photos(path) if path is not None else _filmed(store, str(from_camera), str(student), consent)
        enrolment = open_enrolment(store, open_reader())
        try:
            with TerminalJob("Enrolling") as job:
                # ``extend`` takes one outcome after the other: what is done is in the list when Ctrl-C breaks off.
                outcomes.extend(enrolment.enrol(photos, order, job))
        finally:
            if report_file is not None:
                # Written after Ctrl-C or an error as well, for what is done by then.
                write_report(report_lines(outcomes), report_file)
    lines = report_lines(outcomes)
    if as_json:
        print_json(
            {"files": [asdict(line) for line in lines], "counts": Counter(line.reason or line.result for line in lines)}
        )
    else:
        _print_summary(lines)


def _filmed(store: "Store", source: str, number: str, consent: str | None) -> "list[PhotoFile]":
    """Coach the student before the camera; the advice goes to standard error."""
    from attendance_app.services.camera_enrolment import photo_of, take_views
    from attendance_app.vision.source_protocol import ignore_state

    student = store.students.by_number(number)
    if not consent and store.consents.current(student.id) is None:
        raise NoConsent(number=number)
    open_source = source_opener(store.home)
    with (
        open_source(with_asked_password(source), realtime=True, on_state=ignore_state, turn=0) as frames,
        TerminalJob("Views") as job,
    ):
        shots = take_views(
            frames, open_view_capture(), tell=lambda advice: typer.echo(f"{advice.value}…", err=True), job=job
        )
    return [photo_of(shot, student) for shot in shots]


def _print_summary(lines: "list[ReportLine]") -> None:
    for line in lines:
        if line.reason:
            detail = f" ({line.detail})" if line.detail else ""
            typer.echo(f"{line.file}: {line.reason}{detail}. {line.remedy}")
        elif line.weak:
            typer.echo(f"{line.file}: enrolled as weak ({line.warning}). It is kept until a better photo comes.")
    enrolled, weak = sum(not line.reason for line in lines), sum(line.weak for line in lines)
    replaced = sum(line.replaced for line in lines)
    typer.echo(f"{enrolled} of {len(lines)} files enrolled{f', {weak} of them weak' if weak else ''}.")
    if replaced:
        typer.echo(f"Weak photos replaced by better ones: {replaced}.")
