"""The pictures of ``attendance mask --pictures``."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from attendance_app.domain.faces import Image
from attendance_app.domain.masks import MASK_CLASSES, MaskOpinion

if TYPE_CHECKING:
    from attendance_app.services.mask.reading import MaskedFace, MaskReader, WholePicture


def write_mask_picture(
    path: Path, image: Image, reader: "MaskReader", faces: "Sequence[MaskedFace]", whole: "WholePicture | None"
) -> None:
    """Write the picture with its boxes, and with ``whole`` both answers side by side. Raises NotWritten."""
    from attendance_app.services.mask.drawing import BoxLabel, Panel, drawn
    from attendance_app.services.output.errors import NotWritten
    from attendance_app.services.output.files import always, claim_file

    labels = [
        BoxLabel(face.box, f"{number}: {face.opinion.state.value} {max(face.opinion.probabilities):.1%}")
        for number, face in enumerate(faces, start=1)
    ]
    panels: list[Panel] = []
    if whole is not None:
        panels.append(Panel(whole.picture, _lines("Whole picture, squashed", whole.opinion)))
        panels += [
            Panel(reader.prepared(image, face), _lines(f"Face {number}, found first", face.opinion))
            for number, face in enumerate(faces, start=1)
        ]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotWritten(path=path.parent, reason=error.strerror or str(error)) from error
    claim_file(path, ("png",), wanted=None, may_replace=always).write(drawn(image, labels, panels))


def _lines(heading: str, opinion: MaskOpinion) -> list[str]:
    shares = zip(MASK_CLASSES, opinion.probabilities, strict=True)
    return [heading, opinion.state.value, *(f"{state.value}: {share:.1%}" for state, share in shares)]
