"""How well a course's own network does on photos that it has not learnt."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from attendance_app.classifiers.errors import CourseCnnNotSureAlone
from attendance_app.classifiers.thresholds import Strictness
from attendance_app.domain.fusion import ClassifierChoice
from attendance_app.services.classifier_comparison import CourseComparison
from attendance_app.services.identity.networks import MOST_STRANGERS
from attendance_app.services.rates import Rate, clustered_rate

LEAST_NAMED = 0.5
"""Of the photos kept back: a network that names fewer would leave most of the class to be marked by hand."""


@dataclass(frozen=True, slots=True)
class PersonTries:
    """The photos of one person that were tried; ``right`` and ``wrong``: of those that were named with certainty."""

    tried: int
    right: int = 0
    wrong: int = 0


def _named_right(people: Sequence[PersonTries]) -> Rate:
    return clustered_rate([one.right for one in people], [one.tried for one in people])


def _named_wrong(people: Sequence[PersonTries]) -> Rate:
    return clustered_rate([one.wrong for one in people], [one.tried for one in people])


@dataclass(frozen=True, slots=True)
class OtherWay:
    """The same course by another way to name, each photo and each student left out in turn."""

    way: ClassifierChoice
    own: tuple[PersonTries, ...]
    left_out: tuple[PersonTries, ...]

    @property
    def right(self) -> Rate:
        return _named_right(self.own)

    @property
    def wrong(self) -> Rate:
        return _named_wrong(self.own)

    @property
    def strangers(self) -> Rate:
        return _named_wrong(self.left_out)


@dataclass(frozen=True, slots=True)
class CnnReport:
    """At the default threshold, by networks that have not learnt the photo, or the person, in question.

    ``own``: photos of students, each kept back once. ``left_out``: photos of students who were left out as a whole.
    ``others``: other people's pictures, on the network itself; empty if none were given. ``best_named``: photos kept
    back whose likeliest student is right, however uncertain. ``without_photos``: ids. ``beside``: dlib's encodings and
    the in-house network.
    """

    variant: int
    photos: int
    students: int
    best_named: int
    own: tuple[PersonTries, ...]
    left_out: tuple[PersonTries, ...]
    others: tuple[PersonTries, ...] = ()
    best_epoch: int = 0
    epochs: int = 0
    stopped: bool = False
    without_photos: tuple[int, ...] = ()
    beside: tuple[OtherWay, ...] = ()

    @property
    def right(self) -> Rate:
        """Photos kept back that were named right, with certainty."""
        return _named_right(self.own)

    @property
    def wrong(self) -> Rate:
        """Photos kept back that were named wrong, with certainty."""
        return _named_wrong(self.own)

    @property
    def strangers(self) -> Rate:
        """Pictures of strangers that were named: of other people if there were any, else of students left out."""
        return _named_wrong(self.others or self.left_out)

    @property
    def sure_alone(self) -> bool:
        """Whether it may decide without dlib's encodings: it names enough, and few strangers (docs/adr/0074)."""
        found = self.strangers
        return bool(found.total) and found.interval[1] <= MOST_STRANGERS and self.right.value >= LEAST_NAMED

    def to_json(self) -> str:
        return json.dumps(asdict(self), default=lambda way: way.value)

    @classmethod
    def from_json(cls, text: str) -> "CnnReport":
        document: dict[str, Any] = json.loads(text)
        for name in ("own", "left_out", "others"):
            document[name] = _people(document[name])
        document["without_photos"] = tuple(document["without_photos"])
        document["beside"] = tuple(
            OtherWay(ClassifierChoice(one["way"]), _people(one["own"]), _people(one["left_out"]))
            for one in document["beside"]
        )
        return cls(**document)


def _people(rows: list[Mapping[str, int]]) -> tuple[PersonTries, ...]:
    return tuple(PersonTries(**row) for row in rows)


def other_ways(compared: CourseComparison) -> tuple[OtherWay, ...]:
    """Return what was found of dlib's encodings and of the in-house network."""
    ways = []
    for way in (ClassifierChoice.ENCODINGS, ClassifierChoice.CNN):
        tries = compared.checks[way].by_student[Strictness.BALANCED]
        own = [PersonTries(one.kept_back, one.kept_back - one.not_right, one.wrong) for one in tries if one.kept_back]
        left_out = [PersonTries(one.as_stranger, wrong=one.named) for one in tries if one.as_stranger]
        ways.append(OtherWay(way, tuple(own), tuple(left_out)))
    return tuple(ways)


def refuse_cnn_alone(course: str, report: str) -> None:
    """Raise CourseCnnNotSureAlone unless a course's network, of this report (JSON), may decide without encodings."""
    found = CnnReport.from_json(report)
    if not found.sure_alone:
        tried = found.others or found.left_out
        raise CourseCnnNotSureAlone(
            course=course,
            right=found.right.count,
            photos=found.right.total,
            named=found.strangers.count,
            tried=found.strangers.total,
            people=len(tried),
        )
