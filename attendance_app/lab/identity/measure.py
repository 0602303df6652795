"""``attendance evaluate identity``: from a folder of people to the rates of both ways to recognise."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from attendance_app.classifiers.identity import IdentityEmbedder, identity_parameters, name_hash, parameters_of
from attendance_app.classifiers.match import shipped_plda
from attendance_app.classifiers.plda import PldaParameters
from attendance_app.domain.errors import Cancelled
from attendance_app.lab.errors import TooFewUnseenPeople
from attendance_app.lab.identity.cut_faces import CutFaces, cut_faces
from attendance_app.lab.identity.data import Person, Role, list_people, report_pictures, role_of
from attendance_app.lab.identity.evaluation import (
    PHOTOS,
    STUDENTS,
    ClassRates,
    Method,
    evaluate_classes,
    evaluate_report_split,
)
from attendance_app.networks.own import OwnNetwork
from attendance_app.services.jobs import JobContext
from attendance_app.services.rates import Rate
from attendance_app.vision.encode import Encoder

OURS = "identity network"
DLIB = "dlib encodings"
_AT_ONCE = 32


_Ways: TypeAlias = "dict[str, tuple[IdentityEmbedder, PldaParameters]]"
"""By name: what embeds, and the model of its embeddings."""


@dataclass(frozen=True, slots=True)
class Protocol:
    """How the classes are made up. ``everybody``: people whom the network was trained with may be in them, too."""

    classes: int = 20
    students: int = STUDENTS
    photos: int = PHOTOS
    seed: int = 42
    everybody: bool = False
    cache: Path | None = None
    network: OwnNetwork | None = None
    """A network of one's own, measured beside the shipped one; nobody whom either was trained with is a probe."""


@dataclass(frozen=True, slots=True)
class IdentityEvaluation:
    """``report_split``: None unless people with 40 pictures or more are among them; ``classes``: None without enough
    people. ``milliseconds``: processor time a face on one thread, mirror image included."""

    people: int
    pictures: int
    seen_people: int
    left_out: tuple[Path, ...]
    report_split: dict[str, Rate] | None
    classes: dict[str, ClassRates] | None
    milliseconds: dict[str, float]


def evaluate_identity(data: Path, protocol: Protocol, job: JobContext) -> IdentityEvaluation:
    """Measure on the report's split (people with 40 pictures or more) and on classes of people never trained on.

    Raises KnownError if ``data`` allows neither.
    """
    # One thread, so that processor time is comparable with the other network's.
    ways = {OURS: (IdentityEmbedder(1), identity_parameters())}
    own = protocol.network
    if own is not None:
        ways[own.name] = IdentityEmbedder(1, network=own.path), parameters_of(own)
    people = list_people(data)
    marks = frozenset[str]().union(*(embedder.seen_people for embedder, _ in ways.values()))
    seen = [person for person in people if name_hash(person.name) in marks]
    strange = people if protocol.everybody else [person for person in people if person not in seen]
    # The network was trained on pictures of the report's people; they are judged by the report's split.
    strange = [person for person in strange if role_of(person) is not Role.REPORT]
    learn, test = report_pictures(people)
    enough = sum(len(person.pictures) > protocol.photos for person in strange) >= 2
    if not test and not enough:
        raise TooFewUnseenPeople(folder=data, photos=protocol.photos)
    split = speed = None
    classes = None
    if test:
        methods, faces, speed = _methods(sorted(learn | test), ways, protocol, job)
        split = {method.name: evaluate_report_split(method, faces.files, learn, test) for method in methods}
    left_out: tuple[Path, ...] = faces.left_out if test else ()
    if enough:
        methods, faces, speed = _methods(_pictures(strange), ways, protocol, job)
        left_out += faces.left_out
        classes = _classes(methods, faces, protocol)
    pictures = len(learn | test) + (sum(len(person.pictures) for person in strange) if enough else 0)
    return IdentityEvaluation(len(people), pictures, len(seen), left_out, split, classes, speed or {})


def _pictures(people: list[Person]) -> list[Path]:
    return [path for person in people for path in person.pictures]


def _classes(methods: list[Method], faces: CutFaces, protocol: Protocol) -> dict[str, ClassRates]:
    owners = np.unique([file.parent.name for file in faces.files], return_inverse=True)[1].astype(np.intp)
    return evaluate_classes(
        methods,
        owners,
        classes=protocol.classes,
        seed=protocol.seed,
        students=protocol.students,
        photos=protocol.photos,
    )


def _methods(
    files: list[Path], ways: _Ways, protocol: Protocol, job: JobContext
) -> tuple[list[Method], CutFaces, dict[str, float]]:
    """Cut the faces and embed them in every way."""
    faces = cut_faces(files, central=True, progress=job.report, stop=_stop(job), cache=protocol.cache)
    encoder = Encoder(1)

    def with_mirror(chips: NDArray[np.uint8]) -> NDArray[np.float32]:
        # As in use: the mean over the chip and its mirror image.
        both = encoder.encode(np.concatenate([chips, chips[:, :, ::-1]]))
        mean: NDArray[np.float32] = both.reshape(2, len(chips), -1).mean(axis=0)
        return mean

    methods: list[Method] = []
    times: dict[str, float] = {}
    for name, (embedder, parameters) in ways.items():
        embeddings, times[name] = _embedded(faces.chips, embedder.embed, job)
        methods.append(Method(name, embeddings, parameters))
    dlibs, times[DLIB] = _embedded(faces.chips, with_mirror, job)
    methods.append(Method(DLIB, dlibs, shipped_plda()))
    return methods, faces, times


def _embedded(
    chips: NDArray[np.uint8], embed: Callable[[NDArray[np.uint8]], NDArray[np.float32]], job: JobContext
) -> tuple[NDArray[np.float32], float]:
    parts: list[NDArray[np.float32]] = []
    # Processor time, so that other work on the machine doesn't count.
    started = time.process_time()
    for start in range(0, len(chips), _AT_ONCE):
        job.raise_if_cancelled()
        parts.append(embed(chips[start : start + _AT_ONCE]))
        job.report(min(start + _AT_ONCE, len(chips)), len(chips))
    spent = (time.process_time() - started) * 1000 / max(1, len(chips))
    return np.concatenate(parts) if parts else np.empty((0, 128), np.float32), spent


def _stop(job: JobContext) -> Callable[[], bool]:
    def asked() -> bool:
        try:
            job.raise_if_cancelled()
        except Cancelled:
            return True
        return False

    return asked
