"""The roll from photographs: every face read, people joined over photographs, and a register that is right."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from PIL import ExifTags
from PIL import Image as Pictures
from rolls import Recognised, tools

from attendance_app.config.settings import Settings
from attendance_app.domain.faces import Box, Detection, Flaw, Quality
from attendance_app.domain.people import Course, Gallery
from attendance_app.domain.roll_call import Rules
from attendance_app.domain.sessions import FacePlace, MarkedBy, Status
from attendance_app.services.cards import course_cards, qr_modules
from attendance_app.services.errors import NobodyInPhotographs, NoFaceInPhotographs
from attendance_app.services.face_reader import MeasuredFace, ReadFace
from attendance_app.services.session.cadence import Cadence, Scan
from attendance_app.services.session.frame_result import FaceState
from attendance_app.services.session.photo_roll import PhotoRoll, PhotoRollResult
from attendance_app.services.session.pipeline import Pipeline
from attendance_app.services.session.roll_messages import (
    FrameSeen,
    RollEvent,
    RollOrder,
    SessionBegan,
    SessionClosed,
    SourceEnded,
)
from attendance_app.services.session.stages.track_states import GallerySnapshot
from attendance_app.store.database import Store
from attendance_app.vision.errors import NotAPhoto
from attendance_app.vision.photographs import photo_set

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


def person(number: int) -> np.ndarray:
    """A point of the encodings' space, 1 away from every other person's."""
    encoding = np.zeros(128, np.float32)
    encoding[number] = 0.7071
    return encoding


@dataclass(frozen=True)
class Look:
    """A face in a photograph: whose, how sure one look at it is, and what is wrong with it; ``aside``: its distance to
    the person's other looks."""

    who: int
    sure: float = 0.99
    flaw: Flaw | None = None
    aside: float = 0.0


class Room:
    """Stands in for detector, aligner, encoder and matcher; the colour of a photograph says which one it is."""

    encoder_id = "stand-in"
    any_size = True

    def __init__(self, *photographs: list[Look]) -> None:
        self.photographs = photographs

    @property
    def detector(self) -> "Room":
        return self

    def _looks(self, image: np.ndarray) -> list[Look]:
        return self.photographs[round(int(image[0, 0, 0]) / 20)]

    def detect(self, image, *, upsample, threshold=0.0):
        return [Detection(box(place), 1.0) for place in range(len(self._looks(image)))]

    def read(self, image, detections):
        looks = self._looks(image)
        return [
            ReadFace(
                MeasuredFace(found, np.zeros((5, 2), np.float32), Quality(0.5, look.flaw, 30, 1.0, 0.5, 0.0)),
                np.zeros((150, 150, 3), np.uint8),
                _seen(look),
                _seen(look),
            )
            for look, found in zip(looks, detections, strict=True)
        ]

    def posterior(self, probes, counts, *, face_px, cautious=True):
        """Persons 1 to 3 are the students; two looks at one person make sure of them."""
        result = np.zeros((len(probes), 4))
        for row, probe, count in zip(result, probes, counts, strict=True):
            who, sure = int(probe[:100].argmax()), float(probe[127]) + 1
            column = who - 1 if who in (1, 2, 3) else 3
            probability = sure if count == 1 else max(sure, 0.98)
            row[:] = (1 - probability) / 3
            row[column] = probability
        return result

    def masked_posterior(self, probes, *, face_px):
        return self.posterior(probes, np.ones(len(probes)), face_px=face_px)

    def distances(self, probes):
        return np.stack([np.linalg.norm(probes - person(who), axis=1) for who in (1, 2, 3)], axis=1)


def _seen(look: Look) -> np.ndarray:
    """The encoding carries how sure the look is in a place that costs no distance worth naming."""
    encoding = person(look.who)
    encoding[127] = look.sure - 1
    encoding[126] = look.aside
    return encoding


def box(place: int) -> Box:
    return Box(10 + 40 * place, 10, 40 + 40 * place, 40)


def photograph(folder: Path, index: int, taken: str | None = None) -> Path:
    """A plain picture whose grey says which one it is."""
    path = folder / f"room{index}.png"
    picture = Pictures.new("RGB", (320, 60), (index * 20,) * 3)
    exif = picture.getexif()
    if taken is not None:
        exif[ExifTags.IFD.Exif] = {ExifTags.Base.DateTimeOriginal: taken, ExifTags.Base.OffsetTimeOriginal: "+00:00"}
    picture.save(path, exif=exif)
    return path


def take(
    store: Store,
    course: Course,
    room: Room,
    paths: list[Path],
    *,
    at: datetime = NINE,
    keep_open: bool = False,
    turn: int = 0,
    listen: Callable[[RollEvent], object] = lambda _event: None,
    cards: Literal["on", "off"] = "off",
) -> PhotoRollResult:
    students = store.students.of_course(course.id)
    gallery = Gallery("stand-in", students, np.stack([person(who) for who in (1, 2, 3)]), np.arange(3))
    rules = Rules(accept=0.95, review=0.5)

    def pipeline(_order: RollOrder) -> Pipeline:
        return Pipeline(room, GallerySnapshot(gallery, room), rules, cadence=Cadence(), scan=Scan())  # type: ignore[arg-type]

    chosen = photo_set(paths)
    order = RollOrder(course, chosen, timedelta(minutes=10), Settings(cards=cards), turn=turn)
    made = replace(tools(store, [], Recognised(), clock=lambda: at), open_pipeline=pipeline)
    return PhotoRoll(order, made, listen, keep_open=keep_open).run()


def statuses(store: Store, session_id: int) -> dict[int, Status]:
    return {mark.student_id: mark.status for mark in store.marks.of_session(session_id)}


def states(result: PhotoRollResult) -> list[list[FaceState]]:
    return [[face.state for face in photo.faces] for photo in result.photographs]


def test_one_photograph_marks_whom_it_shows_surely_and_the_rest_are_absent(store, course, tmp_path):
    result = take(store, course, Room([Look(1), Look(2, 0.8), Look(7)]), [photograph(tmp_path, 0)])

    assert statuses(store, result.session.id) == {1: Status.PRESENT, 2: Status.ABSENT, 3: Status.ABSENT}
    assert states(result) == [[FaceState.KNOWN, FaceState.DOUBTFUL, FaceState.UNKNOWN]]
    assert result.session.unknown_people == 1
    assert [one.decision.student_id for one in result.summary.to_review] == [2]


def test_the_mark_says_in_which_photograph_and_where(store, course, tmp_path):
    result = take(store, course, Room([Look(7), Look(1)]), [photograph(tmp_path, 0)])

    (mark,) = [one for one in store.marks.of_session(result.session.id) if one.evidence is not None]
    assert mark.evidence is not None
    assert mark.evidence.place == FacePlace("room0.png", box(1))


def test_what_one_photograph_shows_doubtfully_another_settles(store, course, tmp_path):
    room = Room([Look(1), Look(2, 0.8)], [Look(2, 0.8)])
    result = take(store, course, room, [photograph(tmp_path, 0), photograph(tmp_path, 1)])

    assert statuses(store, result.session.id)[2] is Status.PRESENT
    assert states(result) == [[FaceState.KNOWN, FaceState.KNOWN], [FaceState.KNOWN]]
    assert result.summary.to_review == ()


@pytest.mark.parametrize("sure", [True, False])
def test_a_face_is_joined_by_its_likeness_to_a_student_only_where_the_photograph_shows_somebody_surely(
    store, course, tmp_path, sure
):
    """Else it is likely one of another class, whose small faces are like those of this one."""
    alike = Look(1, 0.8, aside=0.4)
    room = Room([Look(1)], [Look(2, 0.99 if sure else 0.6), alike])
    result = take(store, course, room, [photograph(tmp_path, 0), photograph(tmp_path, 1)])

    assert (states(result)[1][1] is FaceState.KNOWN) is sure


def test_presence_adds_up_and_nobody_is_counted_twice(store, course, tmp_path):
    room = Room([Look(1), Look(7)], [Look(2), Look(7), Look(1)])
    result = take(store, course, room, [photograph(tmp_path, 0), photograph(tmp_path, 1)])

    assert statuses(store, result.session.id) == {1: Status.PRESENT, 2: Status.PRESENT, 3: Status.ABSENT}
    assert result.session.unknown_people == 1
    people = [[face.track_id for face in photo.faces] for photo in result.photographs]
    assert people[1][1:] == [people[0][1], people[0][0]]


@pytest.mark.parametrize("flaw", [Flaw.BLURRED, Flaw.TURNED_AWAY, Flaw.TOO_DARK])
def test_a_poor_look_alone_marks_nobody_and_the_teacher_is_asked(store, course, tmp_path, flaw):
    room = Room([Look(1), Look(2, flaw=flaw)])
    result = take(store, course, room, [photograph(tmp_path, 0)])

    assert statuses(store, result.session.id)[2] is Status.ABSENT
    assert [one.decision.student_id for one in result.summary.to_review] == [2]


def test_two_poor_looks_from_two_photographs_do(store, course, tmp_path):
    room = Room([Look(1), Look(2, flaw=Flaw.BLURRED)], [Look(2, flaw=Flaw.BLURRED)])
    result = take(store, course, room, [photograph(tmp_path, 0), photograph(tmp_path, 1)])

    assert statuses(store, result.session.id)[2] is Status.PRESENT


def test_a_small_face_is_no_poor_look(store, course, tmp_path):
    result = take(store, course, Room([Look(1, flaw=Flaw.TOO_SMALL)]), [photograph(tmp_path, 0)])

    assert statuses(store, result.session.id)[1] is Status.PRESENT


def test_times_come_from_the_photographs_and_who_comes_later_is_late(store, course, tmp_path):
    paths = [photograph(tmp_path, 1, "2026:03:02 09:16:00"), photograph(tmp_path, 0, "2026:03:02 09:01:00")]
    result = take(store, course, Room([Look(1)], [Look(1), Look(2)]), paths)

    assert result.session.started_at == NINE + timedelta(minutes=1)
    assert statuses(store, result.session.id) == {1: Status.PRESENT, 2: Status.LATE, 3: Status.ABSENT}
    (mark,) = [one for one in store.marks.of_session(result.session.id) if one.student_id == 1]
    assert mark.last_seen_at == NINE + timedelta(minutes=16)


@pytest.mark.parametrize(
    ("looks", "error"),
    [pytest.param([], NoFaceInPhotographs, id="no face"), pytest.param([Look(7)], NobodyInPhotographs, id="strangers")],
)
def test_photographs_of_nobody_leave_no_session_behind(store, course, tmp_path, looks, error):
    with pytest.raises(error):
        take(store, course, Room(looks), [photograph(tmp_path, 0)])

    assert store.sessions.all() == ()


def test_where_nobody_is_sure_the_session_stays_open_and_nobody_is_absent(store, course, tmp_path):
    result = take(store, course, Room([Look(1, 0.8)]), [photograph(tmp_path, 0)])

    assert result.session.ended_at is None
    assert statuses(store, result.session.id) == {}


def test_more_photographs_go_on_with_the_session(store, course, tmp_path):
    first = take(store, course, Room([Look(1)]), [photograph(tmp_path, 0)], keep_open=True)
    later = NINE + timedelta(minutes=5)
    second = take(store, course, Room([], [Look(2)]), [photograph(tmp_path, 1)], at=later)

    assert second.session.id == first.session.id
    assert statuses(store, second.session.id) == {1: Status.PRESENT, 2: Status.PRESENT, 3: Status.ABSENT}


def test_a_file_that_is_no_photograph_is_named_and_the_others_count(store, course, tmp_path):
    broken = tmp_path / "list.jpg"
    broken.write_text("no picture")
    result = take(store, course, Room([Look(1)]), [broken, photograph(tmp_path, 0)])

    assert [type(error) for error in result.skipped] == [NotAPhoto]
    assert statuses(store, result.session.id)[1] is Status.PRESENT


def test_nothing_but_files_that_are_no_photographs_is_an_error_and_no_session(store, course, tmp_path):
    broken = tmp_path / "list.jpg"
    broken.write_text("no picture")
    with pytest.raises(NotAPhoto):
        take(store, course, Room([Look(1)]), [broken])

    assert store.sessions.all() == ()


def test_the_same_photograph_twice_is_read_once(tmp_path):
    first = photograph(tmp_path, 0)
    copy = tmp_path / "copy.png"
    copy.write_bytes(first.read_bytes())

    chosen = photo_set([first, copy])

    assert [photo.path for photo in chosen.photos] == [first]
    assert chosen.doubles == (copy,)


def test_the_session_of_photographs_of_another_day_ends_with_the_last(store, course, tmp_path):
    paths = [photograph(tmp_path, 0, "2026:03:02 09:00:00"), photograph(tmp_path, 1, "2026:03:02 09:30:00")]
    result = take(store, course, Room([Look(1)], [Look(2)]), paths, at=NINE + timedelta(days=1))

    assert (result.session.started_at, result.session.ended_at) == (NINE, NINE + timedelta(minutes=30))


def test_photographs_of_another_day_do_not_go_on_with_a_session_that_is_open(store, course, tmp_path):
    open_now = take(store, course, Room([Look(1)]), [photograph(tmp_path, 0)], keep_open=True)
    result = take(store, course, Room([], [Look(2)]), [photograph(tmp_path, 1, "2026:02:20 09:00:00")])

    assert result.session.id != open_now.session.id
    assert result.session.started_at == datetime(2026, 2, 20, 9, tzinfo=UTC)


def test_what_happens_is_passed_on(store, course, tmp_path):
    events: list[RollEvent] = []
    take(store, course, Room([Look(1)]), [photograph(tmp_path, 0)], listen=events.append)

    kinds = [type(event) for event in events]
    assert [kinds.count(kind) for kind in (SessionBegan, FrameSeen, SourceEnded, SessionClosed)] == [1, 1, 1, 1]


def test_photographs_of_nobody_are_counted_and_the_course_named(store, course, tmp_path):
    paths = [photograph(tmp_path, 0), photograph(tmp_path, 1)]
    with pytest.raises(NoFaceInPhotographs) as none:
        take(store, course, Room([], []), paths)
    assert none.value.photographs == 2
    with pytest.raises(NobodyInPhotographs) as nobody:
        take(store, course, Room([Look(7)], [Look(8), Look(9)]), paths)
    assert (nobody.value.faces, nobody.value.course) == (3, "A")


def test_photographs_of_nobody_leave_a_session_that_was_open_before(store, course, tmp_path):
    first = take(store, course, Room([Look(1)]), [photograph(tmp_path, 0)], keep_open=True)
    with pytest.raises(NobodyInPhotographs):
        take(store, course, Room([], [Look(7)]), [photograph(tmp_path, 1)])

    assert store.sessions.get(first.session.id).ended_at is None
    assert statuses(store, first.session.id) == {1: Status.PRESENT}


def test_a_doubt_alone_is_somebody_and_the_session_stays_open_with_it(store, course, tmp_path):
    result = take(store, course, Room([Look(1, 0.8), Look(7)]), [photograph(tmp_path, 0)])

    assert states(result) == [[FaceState.DOUBTFUL, FaceState.UNKNOWN]]
    assert [one.decision.student_id for one in result.summary.to_review] == [1]
    assert result.session == store.sessions.get(result.session.id)
    assert result.session.unknown_people == 1


def test_a_session_that_is_to_be_kept_open_is(store, course, tmp_path):
    result = take(store, course, Room([Look(1)]), [photograph(tmp_path, 0)], keep_open=True)

    assert (result.session.ended_at, statuses(store, result.session.id)) == (None, {1: Status.PRESENT})


def test_photographs_are_turned_as_ordered(store, course, tmp_path):
    shapes: list[tuple[int, ...]] = []

    def note(event: RollEvent) -> None:
        if isinstance(event, FrameSeen):
            shapes.append(event.frame.image.shape[:2])

    for turn in (0, 90):
        take(store, course, Room([Look(1)]), [photograph(tmp_path, 0)], keep_open=True, turn=turn, listen=note)
    assert shapes == [(60, 320), (320, 60)]


def with_card(path: Path, token: str) -> Path:
    """The photograph with a student's card in its middle."""
    squares = np.pad(np.where(np.array(qr_modules(token)), 0, 255).astype(np.uint8), 4, constant_values=255)
    code = Pictures.fromarray(squares).resize((290, 290), Pictures.Resampling.NEAREST).convert("RGB")
    grey = Pictures.open(path).getpixel((0, 0))
    assert isinstance(grey, tuple)
    picture = Pictures.new("RGB", (640, 360), grey)
    picture.paste(code, (200, 40))
    picture.save(path)
    return path


@pytest.mark.parametrize("looks", [[Look(1)], [Look(7)], []], ids=["a face too", "a stranger's face", "no face"])
def test_a_card_in_a_photograph_marks_its_student(store, course, tmp_path, looks):
    with store.write() as tx:
        card = course_cards(tx, course, NINE)[1]
    path = with_card(photograph(tmp_path, 0), card.token)
    result = take(store, course, Room(looks), [path], cards="on")

    assert result.cards == {2}
    marks = {mark.student_id: mark for mark in store.marks.of_session(result.session.id)}
    assert (marks[2].status, marks[2].marked_by) == (Status.PRESENT, MarkedBy.CARD)
    assert marks[1].status is (Status.PRESENT if looks == [Look(1)] else Status.ABSENT)
    assert result.session.ended_at is not None


def test_without_the_setting_a_card_in_a_photograph_marks_nobody(store, course, tmp_path):
    with store.write() as tx:
        card = course_cards(tx, course, NINE)[1]
    path = with_card(photograph(tmp_path, 0), card.token)
    result = take(store, course, Room([Look(1)]), [path])

    assert (result.cards, statuses(store, result.session.id)[2]) == (frozenset(), Status.ABSENT)
