"""``attendance mask``: how every face of a picture wears its mask."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from attendance_app.bootstrap import chosen_network, open_mask_reader
from attendance_app.cli.context import cli_context
from attendance_app.cli.mask_pictures import write_mask_picture
from attendance_app.cli.network_options import NetworkOption, say_network
from attendance_app.cli.output import Json, print_json
from attendance_app.cli.output_place import Force, folder_place
from attendance_app.domain.errors import KnownError
from attendance_app.domain.masks import MASK_CLASSES, MaskOpinion

if TYPE_CHECKING:
    from attendance_app.services.mask.reading import MaskedFace, WholePicture


def mask(
    context: typer.Context,
    images: Annotated[list[Path], typer.Argument(help="Pictures.")],
    network: NetworkOption = None,
    squashed: Annotated[
        bool,
        typer.Option(
            "--squashed",
            help="Judge the whole picture too, squashed to the network's square as in the mask report's test of one "
            "photo, beside the faces that are found.",
        ),
    ] = False,
    pictures: Annotated[
        Path | None,
        typer.Option(
            help="Folder for a PNG of each picture with its boxes; with --squashed both answers side by side, each "
            "with what the network saw."
        ),
    ] = None,
    force: Force = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Tell for every face whether its mask is on, off or worn incorrectly, with the three probabilities.

    Class photos and crops that are one face are read alike; a picture without a face gets no verdict. A file that can't
    be read is reported and the others are still done; exit status 1 only if none could be read.
    """
    from attendance_app.cli.messages import message_of, remedy_of
    from attendance_app.networks.own import NetworkKind
    from attendance_app.vision.photo import load_photo

    if pictures is not None:
        folder_place(pictures, force=force)
    own = chosen_network(cli_context(context).data_folder, NetworkKind.MASK, named=network)
    say_network(own)
    reader = open_mask_reader(own)
    documents: list[Json] = []
    failures = 0
    for number, path in enumerate(images, start=1):
        try:
            image = load_photo(path)
            faces = reader.faces(image)
            whole = reader.whole_picture(image) if squashed else None
        except KnownError as error:
            failures += 1
            said: dict[str, Json] = {"error": message_of(error), "remedy": remedy_of(error)}
            documents.append({"image": str(path), **said, "faces": []})
            continue
        documents.append(_document(path, faces, whole))
        if pictures is not None:
            # With a number: pictures of several folders may have one name.
            write_mask_picture(pictures / f"{number}-{path.stem}.png", image, reader, faces, whole)
    if as_json:
        print_json(documents)
    else:
        _print_lines(documents)
    if failures == len(images):
        raise typer.Exit(1)


def _document(path: Path, faces: "list[MaskedFace]", whole: "WholePicture | None") -> Json:
    document: dict[str, Json] = {"image": str(path), "faces": [_face(face) for face in faces]}
    if whole is not None:
        document["squashed"] = _opinion(whole.opinion)
    if not faces:
        document["note"] = "no face found"
    return document


def _face(face: "MaskedFace") -> Json:
    return {
        "box": [face.box.left, face.box.top, face.box.right, face.box.bottom],
        "found": face.found,
        "confidence": face.confidence,
        **_opinion(face.opinion),
    }


def _opinion(opinion: MaskOpinion) -> dict[str, Json]:
    names = (state.value for state in MASK_CLASSES)
    return {"state": opinion.state.value, "probabilities": dict(zip(names, opinion.probabilities, strict=True))}


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
            where = "" if face["found"] else "; the picture was taken as one face"
            typer.echo(f"  {face['box']} {_answer(face)}{where}")
        if "squashed" in document:
            typer.echo(f"  the whole picture, squashed: {_answer(document['squashed'])}")


def _answer(answer: Json) -> str:
    assert isinstance(answer, dict)
    probabilities = answer["probabilities"]
    assert isinstance(probabilities, dict)
    return f"{answer['state']} ({', '.join(f'{name} {share:.1%}' for name, share in probabilities.items())})"
