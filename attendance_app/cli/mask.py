"""``attendance mask``: how every face of a picture wears its mask."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from attendance_app.bootstrap import chosen_network, open_mask_reader
from attendance_app.cli.context import cli_context
from attendance_app.cli.network_options import NetworkOption
from attendance_app.cli.output import Json, print_json
from attendance_app.domain.errors import KnownError
from attendance_app.domain.masks import MASK_CLASSES

if TYPE_CHECKING:
    from attendance_app.services.mask.reading import MaskedFace


def mask(
    context: typer.Context,
    images: Annotated[list[Path], typer.Argument(help="Pictures.")],
    network: NetworkOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Tell for every face whether its mask is on, off or worn incorrectly, with the three probabilities.

    Class photos and crops that are one face are read alike; a picture without a face gets no verdict. A file that can't
    be read is reported and the others are still done; exit status 1 only if none could be read.
    """
    from attendance_app.cli.messages import message_of, remedy_of
    from attendance_app.networks.own import NetworkKind
    from attendance_app.vision.photo import load_photo

    reader = open_mask_reader(chosen_network(cli_context(context).data_folder, NetworkKind.MASK, named=network))
    documents: list[Json] = []
    failures = 0
    for path in images:
        try:
            image = load_photo(path)
            faces = reader.faces(image)
        except KnownError as error:
            failures += 1
            said: dict[str, Json] = {"error": message_of(error), "remedy": remedy_of(error)}
            documents.append({"image": str(path), **said, "faces": []})
            continue
        documents.append(_document(path, faces))
    if as_json:
        print_json(documents)
    else:
        _print_lines(documents)
    if failures == len(images):
        raise typer.Exit(1)


def _document(path: Path, faces: "list[MaskedFace]") -> Json:
    document: dict[str, Json] = {"image": str(path), "faces": [_face(face) for face in faces]}
    if not faces:
        document["note"] = "no face found"
    return document


def _face(face: "MaskedFace") -> Json:
    names = (state.value for state in MASK_CLASSES)
    return {
        "box": [face.box.left, face.box.top, face.box.right, face.box.bottom],
        "found": face.found,
        "confidence": face.confidence,
        "state": face.opinion.state.value,
        "probabilities": dict(zip(names, face.opinion.probabilities, strict=True)),
    }


def _print_lines(documents: list[Json]) -> None:
    for document in documents:
        assert isinstance(document, dict)
        faces = document["faces"]
        assert isinstance(faces, list)
        if "error" in document:
            typer.echo(f"{document['image']}: {document['error']} {document['remedy']}")
            continue
        count = "1 face" if len(faces) == 1 else f"{len(faces)} faces"
        typer.echo(f"{document['image']}: {document.get('note') or count}")
        for face in faces:
            assert isinstance(face, dict)
            probabilities = face["probabilities"]
            assert isinstance(probabilities, dict)
            shares = ", ".join(f"{name} {share:.1%}" for name, share in probabilities.items())
            where = "" if face["found"] else "; the picture was taken as one face"
            typer.echo(f"  {face['box']} {face['state']} ({shares}){where}")
