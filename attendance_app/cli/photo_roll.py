"""``attendance session from-photos``: the roll from photographs of the room."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from attendance_app.bootstrap import open_data, roll_tools, utc_now
from attendance_app.cli.context import cli_context
from attendance_app.cli.due_lesson import FromStart, lesson_of_roll
from attendance_app.cli.messages import message_of, remedy_of
from attendance_app.cli.network_options import NetworkOptions
from attendance_app.cli.numbers import LateAfter, Turn
from attendance_app.cli.output import Json, print_json
from attendance_app.cli.output_place import refuse_marks_file
from attendance_app.cli.region_output import print_regions, regions_document
from attendance_app.cli.register_output import print_register, run_document
from attendance_app.cli.roll import ending_by_signals, report_trouble
from attendance_app.cli.settings import used_settings
from attendance_app.cli.times import read_moment
from attendance_app.domain.fusion import ClassifierChoice

if TYPE_CHECKING:
    from attendance_app.domain.people import Student
    from attendance_app.services.registers import Register, RegisterLine
    from attendance_app.services.session.frame_result import FaceView
    from attendance_app.services.session.photo_report import PhotoFaces
    from attendance_app.services.session.photo_roll import PhotoRollResult
    from attendance_app.vision.photographs import PhotoSet


def from_photos(
    context: typer.Context,
    course: Annotated[str, typer.Argument(help="The course's code.")],
    photos: Annotated[list[Path], typer.Argument(help="Photographs of the room, one to a dozen.")],
    taken: Annotated[
        datetime | None,
        typer.Option(
            parser=read_moment,
            metavar="TIME",
            help="When the first was taken, as 2026-03-02T09:05; by default as the photographs say, else now.",
        ),
    ] = None,
    turn: Turn = "0",
    late_after: LateAfter = None,
    late_from_start: FromStart = False,
    classifier: Annotated[
        ClassifierChoice,
        typer.Option(help="Who names the students: dlib's encodings, the course's own network, or both."),
    ] = ClassifierChoice.ENCODINGS,
    network: NetworkOptions = None,
    resume: Annotated[bool, typer.Option(help="Add to the course's session that is open, if there is one.")] = True,
    keep_open: Annotated[bool, typer.Option(help="Leave the session open, for more photographs or marks.")] = False,
    rescue: Annotated[
        Path | None,
        typer.Option(help="File for marks that can't be saved, as on a full disk; by default a temporary folder's."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Take the roll from photographs: find every face, mark who is recognised, and close the register.

    Who is seen on any of the photographs is marked once. Photographs stay where they are; the register keeps their
    names and the places of the faces. Exit status 3: the register could not take all marks (see `session run`).
    """
    from attendance_app.services.registers import session_register
    from attendance_app.services.session.photo_roll import PhotoRoll
    from attendance_app.services.session.roll_messages import RollOrder
    from attendance_app.vision.photographs import photo_set

    refuse_marks_file(rescue)
    home = cli_context(context).data_folder
    settings = used_settings(home)
    minutes = settings.late_after_minutes if late_after is None else late_after
    chosen = photo_set(photos)
    for double in chosen.doubles:
        typer.echo(f"{double.name} is a copy of another of the photographs; it is read once.", err=True)
    if taken is not None:
        chosen = replace(chosen, started=taken)
    with open_data(home) as store:
        of_course = store.courses.by_code(course)
        order = RollOrder(
            of_course,
            chosen,
            timedelta(minutes=minutes),
            settings,
            resume=resume,
            classifier=classifier,
            rescue=rescue,
            turn=int(turn),
            networks=tuple(network or ()),
            lesson=lesson_of_roll(store, of_course, chosen.started or utc_now(), from_start=late_from_start),
        )
        roll = PhotoRoll(order, roll_tools(store), report_trouble, keep_open=keep_open)
        with ending_by_signals(roll.roll):
            result = roll.run()
        register = session_register(store, result.session.id)
    if result.session.ended_at is None and not keep_open:
        number = result.session.id
        typer.echo(
            f"Nobody was recognised surely, so session {number} stays open. Mark by hand with `attendance session mark "
            f"{number} STUDENT STATUS`, add photographs with this command, or close it: attendance session close "
            f"{number}",
            err=True,
        )
    for error in result.skipped:
        typer.echo(f"{message_of(error)} {remedy_of(error)}", err=True)
    if as_json:
        print_json(_document(result, register, chosen))
    else:
        _print_photographs(result, register)
        for line in _by_card(result, register):
            typer.echo(f"By card: {line.student.name}.")
        print_register(register)


def _document(result: "PhotoRollResult", register: "Register", chosen: "PhotoSet") -> Json:
    students = {line.student.id: line.student for line in register.lines}
    return {
        **run_document(register, result.summary),
        "photographs": [
            {
                "photograph": photo.photograph,
                "faces": [_face(face, students) for face in photo.faces],
                "regions": regions_document(photo.regions),
            }
            for photo in result.photographs
        ],
        "cards": [line.student.number for line in _by_card(result, register)],
        "not_read": [message_of(error) for error in result.skipped],
        "doubles": [str(path) for path in chosen.doubles],
    }


def _by_card(result: "PhotoRollResult", register: "Register") -> "list[RegisterLine]":
    return [line for line in register.lines if line.student.id in result.cards]


def _face(face: "FaceView", students: "dict[int, Student]") -> Json:
    box = face.box.rounded()
    student = students.get(face.student_id) if face.student_id is not None else None
    return {
        "person": face.track_id,
        "box": [box.left, box.top, box.right, box.bottom],
        "state": face.state.value,
        "student_id": student.number if student else None,
        "name": student.name if student else None,
        "probability": round(face.probability, 4),
        "flaw": face.flaw.value if face.flaw else None,
        "mask": face.mask.value if face.mask else None,
    }


def _print_photographs(result: "PhotoRollResult", register: "Register") -> None:
    from attendance_app.services.session.frame_result import FaceState

    names = {line.student.id: line.student.name for line in register.lines}
    for photo in result.photographs:
        parts = [
            f"{photo.count(FaceState.KNOWN)} recognised",
            f"{photo.count(FaceState.DOUBTFUL)} to check",
            f"{photo.count(FaceState.UNKNOWN)} of nobody on the roster",
            f"{photo.count(FaceState.PENDING)} not clear enough{_why(photo)}",
        ]
        # Only what there is: "0 to check" would be noise.
        shown = [part for part in parts if not part.startswith("0 ")]
        typer.echo(f"{photo.photograph}: {len(photo.faces)} faces; {', '.join(shown)}.")
        print_regions(photo.regions)
        if photo.faces and not photo.count(FaceState.KNOWN):
            surely = " for sure" if photo.count(FaceState.DOUBTFUL) else ""
            typer.echo(
                f"{photo.photograph} shows nobody of {register.course.code}{surely}. Is it blurred, on its side, or of "
                "another room?",
                err=True,
            )
        for face in photo.faces:
            if face.state is FaceState.DOUBTFUL and face.student_id in names:
                box = face.box.rounded()
                where = f"at {box.left}, {box.top} to {box.right}, {box.bottom}"
                typer.echo(f"  to check: {names[face.student_id]} ({face.probability:.0%}) {where}")


def _why(photo: "PhotoFaces") -> str:
    said = [f"{count} {flaw.value}" for flaw, count in photo.flaws.most_common() if flaw is not None]
    return f" ({', '.join(said)})" if said else ""
