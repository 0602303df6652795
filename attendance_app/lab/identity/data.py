"""Folders of pictures by person, the report's grey crop of them, and splits that a seed fixes.

A source is a folder with one folder a person, or a data home of scikit-learn's ``fetch_lfw_people``: the folder
that holds ``lfw_home``, or that folder itself.
"""

import hashlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from attendance_app.domain.errors import SourceError
from attendance_app.lab.errors import (
    FewPeople,
    FewPeopleWithPictures,
    PeopleFolderMissing,
    PictureTooSmall,
    PictureUnreadable,
    TooFewPicturesOfSomebody,
)
from attendance_app.networks.identity_input import GREY_SHAPE
from attendance_app.vision.photo import PHOTO_SUFFIXES, load_photo

LFW_SIDE = 250
_CROP = (slice(70, 195), slice(78, 172))
"""Rows and columns that ``fetch_lfw_people`` keeps of a 250 x 250 picture."""
_SMALLEST_SIDE = 40
_FUNNELED = ("lfw_funneled", "lfw")


@dataclass(frozen=True, slots=True)
class Person:
    """One person's pictures, in the order of their names."""

    name: str
    pictures: tuple[Path, ...]


@dataclass(frozen=True, slots=True, eq=False)
class GreyFaces:
    """``images``: n x 125 x 94 x 1, float32 from 0 to 1; ``labels``: n indices into ``names``."""

    images: NDArray[np.float32]
    labels: NDArray[np.intp]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Indices of the pictures to train on, to choose the best epoch by, and to test with."""

    training: NDArray[np.intp]
    validation: NDArray[np.intp]
    test: NDArray[np.intp]


def people_root(data: Path) -> Path:
    """Return the folder of people inside ``data``; NotFoundError if ``data`` is no folder."""
    if not data.is_dir():
        raise PeopleFolderMissing(folder=data)
    home = data / "lfw_home" if (data / "lfw_home").is_dir() else data
    return next((home / name for name in _FUNNELED if (home / name).is_dir()), home)


def list_people(data: Path, *, min_pictures: int = 1) -> tuple[Person, ...]:
    """Return the people with at least ``min_pictures`` pictures, by name.

    Raises KnownError if fewer than two are left: with one person there is nothing to tell apart.
    """
    root = people_root(data)
    everybody = [
        Person(
            folder.name,
            tuple(sorted(path for path in folder.iterdir() if path.suffix.lower() in PHOTO_SUFFIXES)),
        )
        for folder in sorted(path for path in root.iterdir() if path.is_dir())
    ]
    kept = tuple(person for person in everybody if len(person.pictures) >= max(1, min_pictures))
    if len(kept) < 2:
        few = FewPeopleWithPictures if min_pictures > 1 else FewPeople
        raise few(folder=root, people=len(kept), folders=len(everybody), least=max(1, min_pictures))
    return kept


def open_rgb(path: Path) -> Image.Image:
    """Return the picture upright in RGB, whatever its mode; SourceError if it can't be read."""
    try:
        return Image.fromarray(load_photo(path))
    except SourceError as error:
        raise PictureUnreadable(path=path) from error


def grey_crop(path: Path) -> NDArray[np.float32]:
    """Return the part of the picture that ``fetch_lfw_people(resize=1.0)`` would: 125 x 94, 0 to 1.

    A picture that isn't 250 x 250 is scaled by its shorter side and cut to that size first.
    """
    picture = open_rgb(path)
    if min(picture.size) < _SMALLEST_SIDE:
        raise PictureTooSmall(path=path, width=picture.width, height=picture.height, least=_SMALLEST_SIDE)
    if picture.size != (LFW_SIDE, LFW_SIDE):
        picture = _as_lfw(picture)
    pixels = np.asarray(picture, np.float32)[_CROP] / np.float32(255)
    # The plain mean of the colours, not the luma: scikit-learn takes it so.
    grey: NDArray[np.float32] = pixels.mean(axis=2)
    return grey


def _as_lfw(picture: Image.Image) -> Image.Image:
    scale = LFW_SIDE / min(picture.size)
    width, height = (max(LFW_SIDE, round(side * scale)) for side in picture.size)
    left, top = (width - LFW_SIDE) // 2, (height - LFW_SIDE) // 2
    resized = picture.resize((width, height), Image.Resampling.BILINEAR)
    return resized.crop((left, top, left + LFW_SIDE, top + LFW_SIDE))


def scikit_learn_order(count: int) -> NDArray[np.intp]:
    """Return the order in which ``fetch_lfw_people`` returns its pictures: its seed is always 42."""
    # RandomState, NumPy's older generator: scikit-learn shuffles with it, default_rng would give another order.
    order = np.arange(count)
    np.random.RandomState(42).shuffle(order)
    return order


def load_grey_faces(people: Sequence[Person], progress: Callable[[int, int], None]) -> GreyFaces:
    """Read all pictures in the order of ``fetch_lfw_people``, so that its splits are ours too."""
    files = [path for person in people for path in person.pictures]
    labels = np.repeat(np.arange(len(people)), [len(person.pictures) for person in people])
    images = np.empty((len(files), *GREY_SHAPE), np.float32)
    for done, path in enumerate(files):
        images[done, :, :, 0] = grey_crop(path)
        if done % 50 == 49 or done + 1 == len(files):
            progress(done + 1, len(files))
    order = scikit_learn_order(len(files))
    return GreyFaces(images[order], labels[order], tuple(person.name for person in people))


REPORT_SEED = 42
"""The report's ``random_state``: it decides which pictures are its test."""


def report_split(labels: NDArray[np.intp], *, seed: int = REPORT_SEED, last_fifth: bool = False) -> Split:
    """Keep 20 % for the test, stratified, and 20 % of the rest for validation.

    ``last_fifth``: the last ones of the rest validate, as Keras's ``validation_split`` takes them; else they are
    stratified, so that everybody is in all parts. Raises KnownError if a person has too few pictures to be in all
    three parts.
    """
    from sklearn.model_selection import train_test_split

    everything = np.arange(len(labels))
    try:
        rest, test = train_test_split(everything, test_size=0.2, stratify=labels, random_state=seed)
        if last_fifth:
            kept = math.floor(len(rest) * 0.8)
            return Split(rest[:kept], rest[kept:], test)
        training, validation = train_test_split(rest, test_size=0.2, stratify=labels[rest], random_state=seed)
    except ValueError as error:
        raise TooFewPicturesOfSomebody() from error
    return Split(training, validation, test)


def name_share(name: str) -> float:
    """Return a number from 0 to 1 that only the name decides: people are held out by it, on every machine alike."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") / 2**64


REPORT_PICTURES = 40
"""People with at least this many pictures make the report's own set."""


class Role(Enum):
    """What a person's pictures may be used for; decided by the name alone, so never by a result."""

    TRAINING = "training"
    DEVELOPMENT = "development"
    TEST = "test"
    REPORT = "report"


def role_of(person: Person) -> Role:
    """Half of those with 6 pictures or more and a fifth of the others are never shown to the backbone (TEST).

    Another fifth (DEVELOPMENT) isn't either, but chooses the best epoch and calibrates the probabilities. The
    report's people (40 pictures or more) are trained on without their test pictures: see ``report_split``.
    """
    share = name_share(person.name)
    if len(person.pictures) >= REPORT_PICTURES:
        return Role.REPORT
    # Six: an evaluation enrols five photos and needs one more to name.
    if share < (0.5 if len(person.pictures) >= 6 else 0.2):
        return Role.TEST
    return Role.DEVELOPMENT if share >= 0.8 else Role.TRAINING


def report_pictures(people: Sequence[Person], *, seed: int = REPORT_SEED) -> tuple[frozenset[Path], frozenset[Path]]:
    """Return the report's pictures to train with (validation included) and those of its test."""
    chosen = [person for person in people if role_of(person) is Role.REPORT]
    if len(chosen) < 2:
        return frozenset(), frozenset()
    files = [path for person in chosen for path in person.pictures]
    labels = np.repeat(np.arange(len(chosen)), [len(person.pictures) for person in chosen])
    order = scikit_learn_order(len(files))
    test = {files[order[index]] for index in report_split(labels[order], seed=seed).test}
    return frozenset(set(files) - test), frozenset(test)
