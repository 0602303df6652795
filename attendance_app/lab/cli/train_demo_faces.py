"""``attendance train demo-faces``: makes the people of the demo class, who do not exist, from real faces."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer

from attendance_app.bootstrap import open_reader
from attendance_app.cli.numbers import LARGEST_SEED
from attendance_app.cli.output import print_json
from attendance_app.cli.output_place import Force, folder_place
from attendance_app.cli.progress import TerminalJob
from attendance_app.lab.errors import NoPicturesInFolders

if TYPE_CHECKING:
    from attendance_app.domain.faces import Image
    from attendance_app.lab.demo.people import PersonFace, RealFace


def train_demo_faces(
    data: Annotated[list[Path], typer.Option(help="Folder with a folder a person. May be given several times.")],
    out: Annotated[Path, typer.Option(help="Folder to write photos/ and busts/ into, replacing older ones.")],
    seed: Annotated[int, typer.Option(min=0, max=LARGEST_SEED, help="The same seed gives the same people.")] = 7,
    force: Force = False,
) -> None:
    """Make 24 students and a stranger; prints how far apart they are, and how far from every real face seen."""
    from attendance_app.lab.demo.people import (
        POOL,
        REDRAWS,
        STRANGERS,
        STUDENTS,
        PersonGenerator,
        candidates,
        farthest_apart,
        learn_from,
        make_everybody,
        moved_apart,
        separation,
        write_person,
    )

    folder_place(out, force=force)
    read = _Reader()
    real = list(_real_faces(data, read))
    encodings = np.stack([face.seen.encoding for face in real])
    generator = PersonGenerator(learn_from(real), read, encodings)
    pool = []
    with TerminalJob("Drawing people") as job:
        for done, candidate in enumerate(candidates(generator, seed=seed), start=1):
            job.raise_if_cancelled()
            job.report(done, POOL)
            pool += [] if candidate is None else [candidate]
    chosen = farthest_apart(pool, STUDENTS + STRANGERS)
    with TerminalJob("Moving them apart") as job:
        for done, _ in enumerate(moved_apart(generator, chosen, seed=seed), start=1):
            job.raise_if_cancelled()
            job.report(done, REDRAWS)
    made = make_everybody(generator, chosen, seed=seed)
    # Only once everything is made: a run that fails leaves the older pictures alone. Other files are not touched.
    for older in (*out.glob("photos/[SX][0-9][0-9]/*.jpg"), *out.glob("busts/[SX][0-9][0-9]-*.webp")):
        older.unlink()
    for index, person in enumerate(made):
        stranger = index - STUDENTS + 1
        write_person(person, out, f"X{stranger:02}" if stranger > 0 else f"S{index + 1:02}")
    print_json({**asdict(separation(made, POOL, encodings)), "real_faces": len(real)})


class _Reader:
    """The program's own engine, for pictures with one face."""

    def __init__(self) -> None:
        self._faces = open_reader("hog")

    def __call__(self, image: "Image") -> "PersonFace | None":
        from attendance_app.lab.demo.people import PersonFace

        found = self._faces.find(image)
        # With several faces nobody knows whose the picture is.
        if len(found) != 1:
            return None
        face = self._faces.read(image, found)[0]
        return PersonFace(found[0].confidence, face.pose.landmarks, face.encoding)


def _real_faces(folders: list[Path], read: _Reader) -> "Iterator[RealFace]":
    """Every picture with one face, in a steady order. Raises NotFoundError when there is none."""
    from attendance_app.lab.demo.people import RealFace
    from attendance_app.vision.photo import load_photo

    files = [file for folder in folders for file in sorted(folder.glob("*/*.jpg"))]
    if not files:
        raise NoPicturesInFolders(folders=tuple(str(folder) for folder in folders))
    with TerminalJob("Looking at real faces") as job:
        for done, file in enumerate(files, start=1):
            job.raise_if_cancelled()
            job.report(done, len(files))
            image = load_photo(file)
            seen = read(image)
            if seen is not None:
                yield RealFace(file.parent.name, image, seen)
