"""Makes the demo class: people who do not exist, far enough apart, each with photos and moving busts."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.faces import Encoding, Image, Landmarks
from attendance_app.training.demo_faces import Draw, FaceModel, aligned, draw, learn, sharpness
from attendance_app.training.demo_portraits import BUST_HEIGHT, BUST_WIDTH, Look, bust, random_look

STUDENTS, STRANGERS = 24, 1
PHOTOS, BUSTS = 3, 2
"""Of each person: photos to enrol, and other pictures with transparency for the clip."""
PICTURES_TO_LEARN = 1000
APART = 0.65
"""Least distance between the encodings of two people."""
FROM_REAL = 0.57
"""Least distance to every real face that was looked at; the median real person has a stranger nearer than that."""
TOGETHER = 0.4
"""Greatest distance between two pictures of one person."""
CONFIDENT = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class SeenFace:
    """The only face of a picture."""

    confidence: float
    landmarks: Landmarks
    encoding: Encoding


Read: TypeAlias = Callable[[Image], SeenFace | None]
"""Finds and encodes the only face of a picture; None without one, or with several."""


@dataclass(frozen=True, slots=True, eq=False)
class RealFace:
    """A picture to learn from; ``person`` names its owner, so that nobody counts too much."""

    person: str
    image: Image
    seen: SeenFace


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """One synthetic person: pictures with their encodings."""

    photos: tuple[Image, ...]
    busts: tuple[Image, ...]
    encodings: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Separation:
    """How well the demo class can be told apart: Euclidean distances between encodings."""

    people: int
    drawn: int
    farthest_same: float
    nearest_other: float
    nearest_real: float


def learn_from(faces: Iterable[RealFace]) -> FaceModel:
    """Learn from the sharpest frontal pictures, two of a person at most."""
    counts: dict[str, int] = {}
    usable: list[tuple[float, Image]] = []
    for face in faces:
        if counts.get(face.person, 0) == 2 or face.seen.confidence < 1:
            continue
        picture = aligned(face.image, face.seen.landmarks)
        if picture is not None:
            counts[face.person] = counts.get(face.person, 0) + 1
            usable.append((sharpness(picture), picture))
    usable.sort(key=lambda pair: -pair[0])
    return learn([picture for _, picture in usable[:PICTURES_TO_LEARN]])


def make_people(
    model: FaceModel, read: Read, real: NDArray[np.float32], *, seed: int, people: int = STUDENTS + STRANGERS
) -> Iterator[tuple[Made, int]]:
    """Yield people until there are enough, each with the number of draws so far.

    ``real`` (n x 128) are encodings of real faces to keep away from.
    """
    random = np.random.default_rng(seed)
    taken = np.empty((0, 128), np.float32)
    found = drawn = 0

    def is_free(encodings: NDArray[np.float32]) -> bool:
        return _nearest(encodings, real) >= FROM_REAL and _nearest(encodings, taken) >= APART

    while found < people:
        drawn += 1
        made = _person(model, draw(random), random_look(random, found), random, read=read, is_free=is_free)
        if made is not None:
            found += 1
            taken = np.concatenate([taken, made.encodings])
            yield made, drawn


def write_person(made: Made, folder: Path, name: str) -> None:
    """Write ``folder``/photos/NAME/n.jpg to enrol and ``folder``/busts/NAME-n.webp for the clip."""
    photos, busts = folder / "photos" / name, folder / "busts"
    photos.mkdir(parents=True, exist_ok=True)
    busts.mkdir(parents=True, exist_ok=True)
    for number, photo in enumerate(made.photos, start=1):
        cv2.imwrite(
            str(photos / f"{number}.jpg"), cv2.cvtColor(photo, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 88]
        )
    for number, one in enumerate(made.busts, start=1):
        cv2.imwrite(
            str(busts / f"{name}-{number}.webp"), cv2.cvtColor(one, cv2.COLOR_RGBA2BGRA), [cv2.IMWRITE_WEBP_QUALITY, 84]
        )


def separation(people: list[Made], drawn: int, real: NDArray[np.float32]) -> Separation:
    """Measure what ``make_people`` promised."""
    every = [person.encodings for person in people]
    return Separation(
        people=len(people),
        drawn=drawn,
        farthest_same=max(float(_distances(one, one).max()) for one in every),
        nearest_other=min(_nearest(one, other) for i, one in enumerate(every) for other in every[:i]),
        nearest_real=min(_nearest(one, real) for one in every),
    )


def _person(
    model: FaceModel,
    drawn: Draw,
    look: Look,
    random: np.random.Generator,
    *,
    read: Read,
    is_free: Callable[[NDArray[np.float32]], bool],
) -> Made | None:
    """All pictures of one person, or None if one of them has no clear face, differs too much or is not free."""
    backdrop = random.uniform(175, 225, 3)
    photos: list[Image] = []
    busts: list[Image] = []
    encodings: list[Encoding] = []
    for number in range(PHOTOS + BUSTS):
        first = number == 0
        varied = drawn if first else drawn.varied(random, 0.13)
        figure = bust(model.render(varied), look)
        photo = _photo(figure, backdrop, random, tilt=0.0 if first else float(random.uniform(-6, 6)))
        seen = read(photo)
        if seen is None or seen.confidence < CONFIDENT:
            return None
        encodings.append(seen.encoding)
        if (
            not is_free(seen.encoding[None])
            or float(_distances(np.stack(encodings), np.stack(encodings)).max()) > TOGETHER
        ):
            return None
        (photos if number < PHOTOS else busts).append(photo if number < PHOTOS else figure)
    return Made(tuple(photos), tuple(busts), np.stack(encodings))


def _photo(figure: Image, backdrop: NDArray[np.float64], random: np.random.Generator, *, tilt: float) -> Image:
    """A bust before a plain wall, tilted by ``tilt`` degrees, in light from one side."""
    matrix = cv2.getRotationMatrix2D((BUST_WIDTH / 2, BUST_HEIGHT * 0.9), tilt, 1.0)
    size = (BUST_WIDTH, BUST_HEIGHT)
    colours = figure[..., :3].astype(np.float32) * (figure[..., 3:] / 255)
    turned = cv2.warpAffine(colours, matrix, size, borderMode=cv2.BORDER_REPLICATE)
    cover = cv2.warpAffine(figure[..., 3].astype(np.float32) / 255, matrix, size, borderMode=cv2.BORDER_REPLICATE)
    rows, columns = np.mgrid[0:BUST_HEIGHT, 0:BUST_WIDTH].astype(np.float32)
    wall = backdrop * (1.06 - 0.16 * rows / BUST_HEIGHT)[..., None]
    side, strength = random.uniform(-0.12, 0.12), random.uniform(0.92, 1.05)
    light = strength * (1 + side * (columns / BUST_WIDTH - 0.5) * 2)[..., None]
    picture = (turned + wall * (1 - cover[..., None])) * light + random.normal(0, 1.5, turned.shape)
    return np.asarray(np.clip(picture, 0, 255), np.uint8)


def _distances(left: NDArray[np.float32], right: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(np.linalg.norm(left[:, None] - right[None], axis=-1), np.float32)


def _nearest(left: NDArray[np.float32], right: NDArray[np.float32]) -> float:
    return float(_distances(left, right).min(initial=np.inf))
