"""The faces of all mask sets, found and cut as the product finds and cuts them."""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.faces import Box, Image
from attendance_app.domain.masks import MASK_CLASSES
from attendance_app.lab.errors import SetsMissing
from attendance_app.lab.mask.data import Indices, read_class_folders
from attendance_app.lab.mask.report import read_picture
from attendance_app.lab.mask.views import kept_face

REPORT, EXTRA, INDEPENDENT = "masks-report", "masks-extra", "masks-independent"
"""Folders of the shared data, each with class folders."""
DRAWN = "drawn"
"""Families and groups of faces with drawn masks begin with it."""
SAME_FACE = 0.3
"""Intersection over union from which a found box and a listed one are the same face."""

FindFaces = Callable[[Image], list[Box]]
"""The boxes of a picture's faces, the likeliest first; the training must not know the detectors."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, eq=False)
class MaskFaces:
    """Kept faces (n x 160 x 160 x 3). ``families`` say where a face comes from and how its box was found;
    ``names`` are file names below the data folder: one picture may give several faces with different boxes."""

    pictures: NDArray[np.uint8]
    labels: Indices
    groups: tuple[str, ...]
    families: tuple[str, ...]
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, slots=True, eq=False)
class FaceAt:
    """One kept face, as in MaskFaces."""

    picture: Image
    label: int
    group: str
    family: str
    name: str


def collect_faces(root: Path, find: FindFaces, *, report: Progress) -> MaskFaces:
    """Cut the faces of the three sets under ``root``; sets that are absent are left out.

    Raises KnownError if there is none of them.
    """
    readers = {REPORT: _report_faces, EXTRA: _extra_faces, INDEPENDENT: _independent_faces}
    present = present_sets(root)
    total = sum(len(read_class_folders(root / name)) for name in present)
    faces: list[FaceAt] = []
    done = 0
    for name in present:
        for one in readers[name](root, find):
            faces += one
            done += 1
            if done % 50 == 0 or done == total:
                report(done, total)
    return stacked(faces)


def present_sets(root: Path) -> list[str]:
    """Names of the sets under ``root``; raises KnownError if there is none, or if a class of one is empty."""
    sets = (REPORT, EXTRA, INDEPENDENT)
    present = [name for name in sets if (root / name).is_dir()]
    if not present:
        raise SetsMissing(folders=tuple(sets), root=root)
    for name in present:
        read_class_folders(root / name)
    return present


def save_faces(faces: MaskFaces, path: Path) -> None:
    """Keep faces in one NumPy file."""
    np.savez(
        path,
        pictures=faces.pictures,
        labels=faces.labels,
        groups=np.array(faces.groups),
        families=np.array(faces.families),
        names=np.array(faces.names),
    )


def load_faces(path: Path) -> MaskFaces:
    """Read back what ``save_faces`` kept."""
    with np.load(path) as kept:
        return MaskFaces(
            pictures=kept["pictures"],
            labels=kept["labels"],
            groups=tuple(kept["groups"].tolist()),
            families=tuple(kept["families"].tolist()),
            names=tuple(kept["names"].tolist()),
        )


def joined(one: MaskFaces, other: MaskFaces) -> MaskFaces:
    """The faces of both."""
    return MaskFaces(
        pictures=np.concatenate([one.pictures, other.pictures]),
        labels=np.concatenate([one.labels, other.labels]),
        groups=one.groups + other.groups,
        families=one.families + other.families,
        names=one.names + other.names,
    )


def stacked(faces: Sequence[FaceAt]) -> MaskFaces:
    """Several faces, at least one, as one value."""
    return MaskFaces(
        pictures=np.stack([face.picture for face in faces]),
        labels=np.array([face.label for face in faces], dtype=np.intp),
        groups=tuple(face.group for face in faces),
        families=tuple(face.family for face in faces),
        names=tuple(face.name for face in faces),
    )


def _report_faces(root: Path, find: FindFaces) -> Iterator[list[FaceAt]]:  # noqa: ARG001 - one signature
    """The report's crops are faces cut without a margin: the whole picture is the box."""
    pictures = read_class_folders(root / REPORT)
    for path, label, group in zip(pictures.files, pictures.labels, pictures.groups, strict=True):
        image = read_picture(path)
        box = Box(0, 0, image.shape[1], image.shape[0])
        yield [FaceAt(kept_face(image, box), int(label), f"{REPORT}/{group}", REPORT, _name(path, root))]


def _extra_faces(root: Path, find: FindFaces) -> Iterator[list[FaceAt]]:
    """The likeliest face of each picture; none found, none used."""
    pictures = read_class_folders(root / EXTRA)
    for path, label in zip(pictures.files, pictures.labels, strict=True):
        image = read_picture(path)
        name = _name(path, root)
        family = f"{EXTRA}/{MASK_CLASSES[label].value}/{path.parent.name}"
        yield [FaceAt(kept_face(image, box), int(label), name, family, name) for box in find(image)[:1]]


def _independent_faces(root: Path, find: FindFaces) -> Iterator[list[FaceAt]]:
    """Each face twice: about its listed box, and about the found one where there is one."""
    pictures = read_class_folders(root / INDEPENDENT)
    listed = read_boxes(root / INDEPENDENT)
    for path, label, group in zip(pictures.files, pictures.labels, pictures.groups, strict=True):
        image = read_picture(path)
        name = _name(path, root)
        box = listed.get(path.relative_to(root / INDEPENDENT).as_posix()) or middle_of(image)
        boxes = {"listed": box}
        same = [one for one in find(image) if one.iou(box) >= SAME_FACE]
        if same:
            boxes["found"] = max(same, key=box.iou)
        yield [
            FaceAt(kept_face(image, one), int(label), f"{INDEPENDENT}/{group}", f"{INDEPENDENT}/{how}", name)
            for how, one in boxes.items()
        ]


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


def read_boxes(folder: Path) -> dict[str, Box]:
    """The table boxes.csv beside class folders: file -> the face's box in it; empty without a table."""
    table = folder / "boxes.csv"
    if not table.is_file():
        return {}
    with open(table, newline="", encoding="utf-8") as lines:
        return {
            line["file"]: Box(*(round(float(line[side])) for side in ("left", "top", "right", "bottom")))
            for line in csv.DictReader(lines)
        }


def middle_of(image: Image) -> Box:
    """Where the face of a crop with 50 % margin is: the middle half of it."""
    height, width = image.shape[:2]
    return Box(width // 4, height // 4, width - width // 4, height - height // 4)
