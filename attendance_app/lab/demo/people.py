"""Makes the demo class: people who do not exist, far enough apart, each with photos and moving busts."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.faces import Encoding, Image, Landmarks
from attendance_app.lab.demo.faces import FaceCoefficients, FaceModel, aligned, draw, learn, mouth_is_closed, sharpness
from attendance_app.lab.demo.portraits import BUST_HEIGHT, BUST_WIDTH, Look, bust, random_look

STUDENTS, STRANGERS = 24, 1
PHOTOS, BUSTS = 3, 2
"""Of each person: photos to enrol, and other pictures with transparency for the clip."""
PICTURES_TO_LEARN = 700
POOL = 500
"""People drawn, of whom the ones farthest apart are kept."""
REDRAWS, REDRAWN = 2000, 0.3
"""Then those with a near neighbour are redrawn so many times, each by this share, if it moves them away from it."""
APART = 0.65
"""Wanted between any two pictures of different people."""
FROM_REAL = 0.51
"""Least distance to every real face that was looked at: two different real people are often nearer than that."""
TOGETHER = 0.33
"""Greatest distance between two pictures of one person."""
CONFIDENT = 0.8
LESS_ASKED = 0.0005
"""So much nearer than ``APART`` a picture may be for every one that did not serve before."""
JPEG_QUALITY, WEBP_QUALITY = 88, 84
GREY_WALL = 205.0
"""Behind a bust when it is looked at; the clip has walls of its own."""
BACKDROP: NDArray[np.float64] = np.array([205.0, 212.0, 216.0])


@dataclass(frozen=True, slots=True, eq=False)
class PersonFace:
    """The only face of a picture."""

    confidence: float
    landmarks: Landmarks
    encoding: Encoding


Read: TypeAlias = Callable[[Image], PersonFace | None]
"""Finds and encodes the only face of a picture; None without one, or with several."""


@dataclass(frozen=True, slots=True, eq=False)
class RealFace:
    """A picture to learn from; ``person`` names its owner, so that nobody counts too much."""

    person: str
    image: Image
    seen: PersonFace


@dataclass(frozen=True, slots=True, eq=False)
class SyntheticPerson:
    """One synthetic person: pictures as files (.jpg, .webp), with the encodings that a reader of these files gets."""

    photos: tuple[bytes, ...]
    busts: tuple[bytes, ...]
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
    """Learn from the sharpest frontal pictures with a closed mouth, two of a person at most."""
    counts: dict[str, int] = {}
    usable: list[tuple[float, Image]] = []
    for face in faces:
        if counts.get(face.person, 0) == 2 or face.seen.confidence < 1:
            continue
        picture = aligned(face.image, face.seen.landmarks)
        if picture is not None and mouth_is_closed(picture):
            counts[face.person] = counts.get(face.person, 0) + 1
            usable.append((sharpness(picture), picture))
    usable.sort(key=lambda pair: -pair[0])
    return learn([picture for _, picture in usable[:PICTURES_TO_LEARN]])


@dataclass(frozen=True, slots=True, eq=False)
class DrawnPerson:
    """A drawn person with the encoding of the first picture."""

    drawn: FaceCoefficients
    look: Look
    encoding: Encoding


@dataclass(frozen=True, slots=True, eq=False)
class PersonGenerator:
    """Draws people and encodes them; ``real`` (n x 128) are encodings of real faces, to which none may be near."""

    model: FaceModel
    read: Read
    real: NDArray[np.float32]

    def candidate(self, drawn: FaceCoefficients, look: Look, random: np.random.Generator) -> DrawnPerson | None:
        """Draw the first picture of a person; None without a clear face, or too near to a real one."""
        seen = self.read(_photo(bust(self.model.render(drawn), look), BACKDROP, random, tilt=0.0))
        clear = seen is not None and seen.confidence >= CONFIDENT
        return (
            DrawnPerson(drawn, look, seen.encoding)
            if seen and clear and _nearest(seen.encoding[None], self.real) >= FROM_REAL
            else None
        )


def candidates(generator: PersonGenerator, *, seed: int, pool: int = POOL) -> Iterator[DrawnPerson | None]:
    """Draw ``pool`` people; None for one that can't be used."""
    random = np.random.default_rng(seed)
    for _ in range(pool):
        yield generator.candidate(draw(random), random_look(random), random)


def moved_apart(
    generator: PersonGenerator, chosen: list[DrawnPerson], *, seed: int, redraws: int = REDRAWS
) -> Iterator[bool]:
    """Redraw, in place, one of the two nearest people at a time; yields whether it has moved away from all others."""
    # Another stream than candidates(), which has the seed alone.
    random = np.random.default_rng((seed, 1))
    for _ in range(redraws):
        encodings = np.stack([candidate.encoding for candidate in chosen])
        # The distance to oneself is 0 and must not count.
        between = _distances(encodings, encodings) + np.diag(np.full(len(chosen), np.inf, np.float32))
        index = int(random.choice(np.unravel_index(int(between.argmin()), between.shape)))
        leaving = chosen[index]
        entering = generator.candidate(leaving.drawn.mixed(draw(random), REDRAWN), leaving.look, random)
        others = np.delete(encodings, index, axis=0)
        better = entering is not None and _nearest(entering.encoding[None], others) > float(between.min())
        if better and entering is not None:
            chosen[index] = entering
        yield better


def farthest_apart(pool: list[DrawnPerson], people: int) -> list[DrawnPerson]:
    """Choose the people whose two nearest are as far apart as can be found.

    Greedy at first (whoever is farthest from all chosen so far comes next); then, as long as it helps, one of the two
    nearest is exchanged for whoever is farthest from the others.
    """
    encodings = np.stack([candidate.encoding for candidate in pool])
    between = _distances(encodings, encodings)
    np.fill_diagonal(between, np.inf)
    chosen = [int(np.where(np.isfinite(between), between, 0).mean(axis=1).argmax())]
    while len(chosen) < people:
        nearest = between[:, chosen].min(axis=1)
        nearest[chosen] = -np.inf
        chosen.append(int(nearest.argmax()))
    while (better := _exchanged(between, chosen)) is not None:
        chosen = better
    return [pool[index] for index in chosen]


def _exchanged(between: NDArray[np.float32], chosen: list[int]) -> list[int] | None:
    """Return a choice in which the two nearest give way to a better one; None if there is none."""
    among = between[np.ix_(chosen, chosen)]
    nearest = among.min()
    for leaving in np.unravel_index(int(among.argmin()), among.shape):
        others = [index for place, index in enumerate(chosen) if place != int(leaving)]
        distance = between[:, others].min(axis=1)
        distance[chosen] = -np.inf
        entering = int(distance.argmax())
        if distance[entering] > nearest:
            return [*others, entering]
    return None


def make_everybody(generator: PersonGenerator, chosen: list[DrawnPerson], *, seed: int) -> list[SyntheticPerson]:
    """Make everybody's pictures, each away from the pictures already made and from the people still to come."""
    made: list[SyntheticPerson] = []
    for index, person in enumerate(chosen):
        # Those still to come have one encoding each so far, of their first picture.
        others = [*(one.encodings for one in made), *(one.encoding[None] for one in chosen[index + 1 :])]
        made.append(make_person(generator, person, np.concatenate(others), seed=1000 * seed + index))
    return made


def make_person(
    generator: PersonGenerator, candidate: DrawnPerson, others: NDArray[np.float32], *, seed: int
) -> SyntheticPerson:
    """Make all pictures of a person, drawing again one without a clear face, unlike the first, or near ``others``.

    ``others`` (n x 128) are the encodings of the other people; with every failure a little less is asked.
    Pictures are judged as the files that are written.
    """
    random = np.random.default_rng(seed)
    backdrop = random.uniform(185, 225) + random.uniform(-14, 14, 3)
    photos: list[bytes] = []
    busts: list[bytes] = []
    encodings: list[Encoding] = [candidate.encoding]
    asked = APART
    while len(busts) < BUSTS:
        figure = bust(generator.model.render(candidate.drawn.varied(random, 0.11)), candidate.look)
        # Tilt and light are drawn for busts too, which don't use them: one order of draws for all pictures.
        photo = _photo(figure, backdrop, random, tilt=float(random.uniform(-6, 6)))
        file = _jpeg(photo) if len(photos) < PHOTOS else _webp(figure)
        seen = generator.read(_opened(file))
        if seen is None or not _fits(seen, encodings, others, asked=asked):
            # So the search ends, even if this face has no picture that is as far away.
            asked -= LESS_ASKED
            continue
        encodings.append(seen.encoding)
        (photos if len(photos) < PHOTOS else busts).append(file)
    return SyntheticPerson(tuple(photos), tuple(busts), np.stack(encodings[1:]))


def _fits(seen: PersonFace, own: list[Encoding], others: NDArray[np.float32], *, asked: float) -> bool:
    return (
        seen.confidence >= CONFIDENT
        and float(_distances(np.stack(own), seen.encoding[None]).max()) <= TOGETHER
        and _nearest(seen.encoding[None], others) >= asked
    )


def write_person(made: SyntheticPerson, folder: Path, name: str) -> None:
    """Write ``folder``/photos/NAME/n.jpg to enrol and ``folder``/busts/NAME-n.webp for the clip."""
    photos, busts = folder / "photos" / name, folder / "busts"
    photos.mkdir(parents=True, exist_ok=True)
    busts.mkdir(parents=True, exist_ok=True)
    for number, photo in enumerate(made.photos, start=1):
        (photos / f"{number}.jpg").write_bytes(photo)
    for number, one in enumerate(made.busts, start=1):
        (busts / f"{name}-{number}.webp").write_bytes(one)


def _jpeg(photo: Image) -> bytes:
    picture = cv2.cvtColor(photo, cv2.COLOR_RGB2BGR)
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1].tobytes()


def _webp(figure: Image) -> bytes:
    picture = cv2.cvtColor(figure, cv2.COLOR_RGBA2BGRA)
    return cv2.imencode(".webp", picture, [cv2.IMWRITE_WEBP_QUALITY, WEBP_QUALITY])[1].tobytes()


def _opened(file: bytes) -> Image:
    """The picture in a file as somebody sees it, RGB: compressed, and a bust before a grey wall."""
    picture = cv2.imdecode(np.frombuffer(file, np.uint8), cv2.IMREAD_UNCHANGED)
    assert picture is not None, "it has just been written"
    if picture.shape[2] == 3:
        return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), np.uint8)
    figure = cv2.cvtColor(picture, cv2.COLOR_BGRA2RGBA).astype(np.float32)
    cover = figure[..., 3:] / 255
    return np.asarray(figure[..., :3] * cover + GREY_WALL * (1 - cover), np.uint8)


def separation(people: list[SyntheticPerson], drawn: int, real: NDArray[np.float32]) -> Separation:
    """Measure the distances of the pictures that ``make_everybody`` has made."""
    every = [person.encodings for person in people]
    return Separation(
        people=len(people),
        drawn=drawn,
        farthest_same=max(float(_distances(one, one).max()) for one in every),
        nearest_other=min(_nearest(one, other) for i, one in enumerate(every) for other in every[:i]),
        nearest_real=min(_nearest(one, real) for one in every),
    )


def _photo(figure: Image, backdrop: NDArray[np.float64], random: np.random.Generator, *, tilt: float) -> Image:
    """A bust before a plain wall, tilted by ``tilt`` degrees, in light from one side."""
    matrix = cv2.getRotationMatrix2D((BUST_WIDTH / 2, BUST_HEIGHT * 0.9), tilt, 1.0)
    size = (BUST_WIDTH, BUST_HEIGHT)
    # Premultiplied, so that the colour behind transparent pixels doesn't come through at the edges.
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
