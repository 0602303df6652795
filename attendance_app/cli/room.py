"""``attendance room``: how far recognition reaches in a room."""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from attendance_app.bootstrap import open_room_checker, source_opener
from attendance_app.cli.camera_password import with_asked_password
from attendance_app.cli.context import cli_context
from attendance_app.cli.numbers import SECONDS_A_WEEK, Turn, finite
from attendance_app.cli.output import Json, print_json, print_table
from attendance_app.cli.output_place import Force, file_place
from attendance_app.cli.settings import used_settings
from attendance_app.vision.source_protocol import ignore_state

if TYPE_CHECKING:
    from attendance_app.domain.faces import Image
    from attendance_app.services.output.files import OutputFile
    from attendance_app.services.room_check.room import RoomCheck

app = typer.Typer(help="Rooms: how far recognition reaches, before a lesson.", no_args_is_help=True)

OUT_OF_REACH = 3
"""Exit status where somebody is out of reach, or nobody was found."""


@app.callback()
def rooms() -> None:
    """Rooms. With one command alone, Typer would take the group for that command."""


@app.command()
def check(
    context: typer.Context,
    source: Annotated[
        str, typer.Argument(help="A photograph, a camera's index, webcam:NAME, rtsp:// or http:// address, video file.")
    ],
    camera: Annotated[
        bool, typer.Option("--as-camera", help="Judge a picture file as a camera's picture, not as a photograph.")
    ] = False,
    at: Annotated[
        float | None,
        typer.Option(min=0, max=SECONDS_A_WEEK, callback=finite, help="Which second of a video; by default its first."),
    ] = None,
    turn: Turn = "0",
    out: Annotated[Path | None, typer.Option(help="Write the picture with its faces to this PNG or JPEG file.")] = None,
    force: Force = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Check from one picture up to which row faces are recognised, and say what would help.

    Exit status 3: somebody is out of reach, or nobody was found.
    """
    from attendance_app.cli.room_words import advice_words

    place = None if out is None else file_place(out, ("png", "jpg", "jpeg"), force=force)
    home = cli_context(context).data_folder
    detector = used_settings(home).detector
    photograph = not camera and _is_photograph(source)
    image = _picture(home, source, at=at, turn=int(turn))
    checked = open_room_checker(detector).check(image, photographs=photograph)
    if place is not None:
        _write(checked, image, place)
    if as_json:
        print_json(_document(checked, photographs=photograph))
    else:
        _print(checked)
        for advice in checked.advice:
            typer.echo(advice_words(advice, photographs=photograph))
        if checked.works:
            typer.echo("Recognition reaches everybody in this picture.")
    if not checked.works:
        raise typer.Exit(OUT_OF_REACH)


def _is_photograph(source: str) -> bool:
    from attendance_app.vision.photo import PHOTO_SUFFIXES

    return "://" not in source and Path(source).suffix.lower() in PHOTO_SUFFIXES


def _picture(home: Path, source: str, *, at: float | None, turn: int) -> "Image":
    from attendance_app.services.room_check.picture import take_picture

    with source_opener(home)(with_asked_password(source), realtime=False, on_state=ignore_state, turn=turn) as opened:
        return take_picture(opened, at=at)


def _write(checked: "RoomCheck", image: "Image", place: "OutputFile") -> None:
    import cv2
    import numpy as np

    from attendance_app.services.room_check.drawing import drawn

    # OpenCV writes blue first.
    picture = np.ascontiguousarray(drawn(checked, image)[:, :, ::-1])
    _, content = cv2.imencode(f".{place.format}", picture)
    place.write(content.tobytes())


def _print(checked: "RoomCheck") -> None:
    rows: list[list[Json]] = []
    for row in checked.rows:
        sizes = [face.box.width for face in row.faces]
        rows.append([row.number, len(row.faces), row.size, f"{min(sizes)} to {max(sizes)}", row.reach.value])
    print_table(["row", "faces", "pixels", "from – to", "recognised"], rows)


def _document(checked: "RoomCheck", *, photographs: bool) -> Json:
    from attendance_app.cli.room_words import advice_words

    return {
        "picture": [checked.width, checked.height],
        "judged_as": "photograph" if photographs else "camera",
        "works": checked.works,
        "rows": [
            {
                "row": row.number,
                "pixels": row.size,
                "recognised": row.reach.value,
                "faces": [
                    {
                        "box": [face.box.left, face.box.top, face.box.right, face.box.bottom],
                        "recognised": face.reach.value,
                        "sharpness": _number(face.quality.sharpness),
                        "brightness": _number(face.quality.brightness),
                    }
                    for face in row.faces
                ],
            }
            for row in checked.rows
        ],
        "advice": [advice_words(one, photographs=photographs) for one in checked.advice],
    }


def _number(value: float) -> float | None:
    return round(value, 4) if math.isfinite(value) else None
