"""``attendance identify``: the faces of pictures, and who they are."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from attendance_app.bootstrap import open_chip_namer, open_course_namer, open_data, open_matcher, open_reader
from attendance_app.cli.context import cli_context
from attendance_app.cli.network_options import NetworkOption
from attendance_app.cli.numbers import finite
from attendance_app.cli.output import Json, print_json
from attendance_app.config.settings import DetectorName
from attendance_app.domain.errors import SourceError

if TYPE_CHECKING:
    from attendance_app.services.identification import IdentifiedFace


def identify(
    context: typer.Context,
    images: Annotated[list[Path], typer.Argument(help="Pictures.")],
    course: Annotated[str | None, typer.Option(help="Name the students of this course.")] = None,
    network: NetworkOption = None,
    encodings: Annotated[bool, typer.Option(help="Give each face's 128 numbers.")] = False,
    detector: Annotated[DetectorName, typer.Option(help="Which detector looks for faces.")] = "auto",
    upsample: Annotated[
        float, typer.Option(min=0.1, max=4, callback=finite, help="Enlarge pictures before looking for faces.")
    ] = 1.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Find every face of each picture: box [left, top, right, bottom], confidence and, with a course, who it is.

    With --network a network of your own is asked as well: one that a course was learnt with (with --course), or one of
    the report's, which names the people of its training. A course that one of the report's has learnt is asked about by
    itself.
    """
    from attendance_app.classifiers.thresholds import DEFAULT_RULE
    from attendance_app.cli.messages import message_of, remedy_of
    from attendance_app.services.identification import SearchOptions
    from attendance_app.services.identification import identify as identify_faces
    from attendance_app.vision.photo import load_photo

    reader = open_reader(detector)
    home = cli_context(context).data_folder
    matcher = None
    if course is not None:
        with open_data(home) as store:
            matcher = open_matcher(store.templates.gallery(store.courses.by_code(course).id, reader.encoder_id))
    namer = None
    if network is not None:
        namer = open_chip_namer(home, network, course)
    elif course is not None:
        namer = open_course_namer(home, course)
    search = SearchOptions(upsample, DEFAULT_RULE.accept, namer)
    documents: list[Json] = []
    for path in images:
        try:
            faces = identify_faces(reader, matcher, load_photo(path), search)
        except SourceError as error:
            # Of one picture the error is the command's; of several, the others are still done.
            if len(images) == 1:
                raise
            typer.echo(f"{message_of(error)} {remedy_of(error)}", err=True)
            documents.append({"image": str(path), "error": message_of(error), "faces": []})
            continue
        documents.append({"image": str(path), "faces": [_document(face, encodings=encodings) for face in faces]})
    if as_json:
        print_json(documents)
    else:
        _print_lines(documents)


def _document(face: "IdentifiedFace", *, encodings: bool) -> Json:
    document: dict[str, Json] = {
        "box": [face.box.left, face.box.top, face.box.right, face.box.bottom],
        "confidence": face.confidence,
        "student_id": face.student.number if face.student else None,
        "name": face.student.name if face.student else None,
        "distance": face.distance,
        "probability": face.probability,
    }
    if face.network is not None:
        document["network"] = {"name": face.network.name, "probability": face.network.probability}
    if encodings:
        document["encoding"] = [float(number) for number in face.encoding]
    return document


def _print_lines(documents: list[Json]) -> None:
    for document in documents:
        assert isinstance(document, dict)
        faces = document["faces"]
        assert isinstance(faces, list)
        typer.echo(f"{document['image']}: {document.get('error') or f'{len(faces)} faces'}")
        for face in faces:
            assert isinstance(face, dict)
            who = face["name"] or "nobody known"
            sure = "" if face["probability"] is None else f", likeliest student {face['probability']:.1%}"
            typer.echo(f"  {face['box']} {who}{sure}{_opinion(face.get('network'))}")


def _opinion(answer: Json) -> str:
    if not isinstance(answer, dict):
        return ""
    return f"; the network says {answer['name'] or 'a stranger'}, {answer['probability']:.1%}"
