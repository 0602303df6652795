"""Marks as JSON values, with students named by number, and back."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from attendance_app.domain.faces import Box
from attendance_app.domain.masks import MaskState
from attendance_app.domain.sessions import Evidence, FacePlace, Mark, MarkedBy, Status

Values = dict[str, object]


def text_of_marks(marks: Sequence[Mark], numbers: Mapping[int, str]) -> list[Values]:
    """Return one object a mark; ``numbers`` by student id."""
    return [
        {
            "student": numbers[mark.student_id],
            "status": mark.status.value,
            "marked_by": mark.marked_by.value,
            "marked_at": _time(mark.marked_at),
            "first_seen_at": _time(mark.first_seen_at),
            "last_seen_at": _time(mark.last_seen_at),
            "arrived_at": _time(mark.arrived_at),
            "remark": mark.remark,
            "evidence": None if mark.evidence is None else _evidence(mark.evidence, numbers),
        }
        for mark in marks
        if mark.student_id in numbers  # an erased student has none
    ]


def read_marks(values: object, session_id: int, ids: Mapping[str, int]) -> tuple[tuple[Mark, ...], tuple[str, ...]]:
    """Return the marks, and the numbers of students that are not in ``ids`` (student ids by number).

    Raises KeyError, TypeError or ValueError for anything but what ``text_of_marks`` makes.
    """
    if not isinstance(values, list):
        raise TypeError(values)
    known = [value for value in values if value["student"] in ids]
    missing = tuple(str(value["student"]) for value in values if value["student"] not in ids)
    return tuple(_mark(value, session_id, ids) for value in known), missing


def _mark(value: Mapping[str, object], session_id: int, ids: Mapping[str, int]) -> Mark:
    evidence = value["evidence"]
    if evidence is not None and not isinstance(evidence, dict):
        raise TypeError(evidence)
    return Mark(
        session_id=session_id,
        student_id=ids[str(value["student"])],
        status=Status(value["status"]),
        marked_by=MarkedBy(value["marked_by"]),
        marked_at=read_time(value["marked_at"]),
        first_seen_at=_moment(value["first_seen_at"]),
        last_seen_at=_moment(value["last_seen_at"]),
        remark=str(value["remark"]),
        # Files from before arrivals by hand have none.
        arrived_at=_moment(value.get("arrived_at")),
        evidence=None if evidence is None else _read_evidence(evidence, ids),
    )


def _evidence(evidence: Evidence, numbers: Mapping[int, str]) -> Values:
    named = evidence.cnn_student_id
    return {
        "probability": evidence.probability,
        "sightings": evidence.sightings,
        "best_distance": evidence.best_distance,
        "track_id": evidence.track_id,
        "network_student": None if named is None else numbers.get(named),
        "network_probability": evidence.cnn_probability,
        "mask": None if evidence.mask is None else evidence.mask.value,
        "place": None if evidence.place is None else _place(evidence.place),
    }


def _read_evidence(value: Mapping[str, object], ids: Mapping[str, int]) -> Evidence:
    probability, mask = value["network_probability"], value["mask"]
    return Evidence(
        probability=float(str(value["probability"])),
        sightings=int(str(value["sightings"])),
        best_distance=float(str(value["best_distance"])),
        track_id=int(str(value["track_id"])),
        # Where the register lacks that student, the network's opinion is lost and the mark is not.
        cnn_student_id=ids.get(str(value["network_student"])),
        cnn_probability=None if probability is None else float(str(probability)),
        mask=None if mask is None else MaskState(mask),
        # Files from before rolls by photographs have no place.
        place=_read_place(value.get("place")),
    )


def _place(place: FacePlace) -> Values:
    box = place.box
    return {"source": place.source, "box": [box.left, box.top, box.right, box.bottom]}


def _read_place(value: object) -> FacePlace | None:
    if value is None:
        return None
    if not isinstance(value, dict):
        raise TypeError(value)
    left, top, right, bottom = (int(str(side)) for side in value["box"])
    # Files from before rolls by several sources have a photograph only.
    return FacePlace(str(value.get("source") or value["photograph"]), Box(left, top, right, bottom))


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def read_time(value: object) -> datetime:
    """Return a time in ISO 8601. Raises ValueError for one without its zone, which could be any hour."""
    moment = datetime.fromisoformat(str(value))
    if moment.tzinfo is None:
        raise ValueError(value)
    return moment


def _moment(value: object) -> datetime | None:
    return None if value is None else read_time(value)
