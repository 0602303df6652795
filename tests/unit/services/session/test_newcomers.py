"""An unknown face becomes a student, or is refused with the reason; and all of it can be taken back."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from single_writes import each

from attendance_app.bootstrap import open_data
from attendance_app.domain.errors import NotFoundError
from attendance_app.domain.faces import Quality
from attendance_app.domain.sessions import MarkedBy, Status
from attendance_app.services import errors
from attendance_app.services.photo_comparison import ANOTHER_BELOW
from attendance_app.services.session.evidence import FaceLook
from attendance_app.services.session.newcomers import EnrolledNewcomer, Newcomer, enrol_look, require_good_look
from attendance_app.services.session.newcomers import enrol_newcomer as enrol_in
from attendance_app.store.consents import ConsentWrites
from attendance_app.store.enrolments import EnrolmentWrites
from attendance_app.store.errors import ConsentWithoutGround, DiskFull, NoConsent, StudentInUse, StudentWithoutNumber
from attendance_app.store.marks import MarkWrites
from attendance_app.store.students import StudentWrites
from attendance_app.store.templates import TemplateWrites

NINE = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
GOOD = Quality(0.9, None, 90, 0.02, 0.5, 0.1)
NEWCOMER = Newcomer("S09", "Student 09", "signed form, binder 3")


def look(place: int = 0, quality: Quality = GOOD) -> FaceLook:
    encoding = np.zeros(128, np.float32)
    encoding[place] = 1
    return FaceLook(np.full((100, 100, 3), 90 + place, np.uint8), encoding, "stand-in", quality)


def enrol_newcomer(store, *what, **said) -> EnrolledNewcomer:
    """Welcome somebody in a transaction that can be undone."""
    with store.write() as tx:
        enrolled = enrol_in(tx, *what, **said)
        tx.offer_undo("enrolled", NINE)
    return enrolled


@pytest.fixture
def store(tmp_path):
    with open_data(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def course(store):
    return each(store).courses.add("ALG", "Algebra")


@pytest.fixture
def session(store, course):
    return each(store).sessions.open(course.id, NINE, timedelta(minutes=10))


def test_a_newcomer_is_on_the_roster_with_photo_consent_and_mark(store, course, session):
    enrolled = enrol_newcomer(store, course, session, look=look(), newcomer=NEWCOMER, at=NINE + timedelta(minutes=20))

    student = enrolled.student
    assert store.students.of_course(course.id) == (student,)
    assert (enrolled.mark.status, enrolled.mark.marked_by) == (Status.LATE, MarkedBy.TEACHER)
    consent = store.consents.current(student.id)
    assert consent is not None
    assert consent.ground == NEWCOMER.consent
    gallery = store.templates.gallery(course.id, "stand-in")
    assert np.array_equal(gallery.encodings, look().encoding[np.newaxis])
    assert store.templates.portraits(course.id)[student.id].startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    ("quality", "reason"),
    [
        (replace(GOOD, width_px=17), errors.LookTooSmall),
        (replace(GOOD, sharpness=0.003), errors.LookBlurred),
        (replace(GOOD, brightness=0.06), errors.LookTooDark),
        (replace(GOOD, brightness=0.88), errors.LookTooBright),
        (replace(GOOD, yaw=0.6), errors.LookTurnedAway),
    ],
)
def test_a_look_too_poor_to_compare_with_is_refused_with_the_reason(store, course, session, quality, reason):
    with pytest.raises(reason):
        require_good_look(look(quality=quality))
    with pytest.raises(reason):
        enrol_newcomer(store, course, session, look=look(quality=quality), newcomer=NEWCOMER, at=NINE)
    assert store.students.all() == ()


@pytest.mark.parametrize(
    ("newcomer", "reason"),
    [
        (replace(NEWCOMER, number=" "), StudentWithoutNumber),
        (replace(NEWCOMER, consent=" "), ConsentWithoutGround),
        (replace(NEWCOMER, number="S01"), errors.NumberOfAnother),
    ],
)
def test_what_the_teacher_left_out_or_mistook_is_said_and_nothing_is_stored(store, course, session, newcomer, reason):
    known = each(store).students.add("S01", "Student 01")

    with pytest.raises(reason):
        enrol_newcomer(store, course, session, look=look(), newcomer=newcomer, at=NINE)
    assert store.students.all() == (known,)
    assert store.students.of_course(course.id) == ()


def test_a_face_that_is_a_students_already_is_not_enrolled_again(store, course, session):
    enrol_newcomer(store, course, session, look=look(), newcomer=NEWCOMER, at=NINE)

    with pytest.raises(errors.FaceOnRoster, match="Student 09"):
        enrol_newcomer(store, course, session, look=look(), newcomer=replace(NEWCOMER, number="S10"), at=NINE)
    enrol_newcomer(store, course, session, look=look(1), newcomer=replace(NEWCOMER, number="S10"), at=NINE)
    assert len(store.students.of_course(course.id)) == 2


def undo_last(store) -> None:
    store.undo(store.operations.all()[-1], NINE)


@pytest.mark.parametrize("failing", ["enrolments", "consents", "templates", "marks"])
def test_a_store_that_fails_in_the_middle_leaves_nothing_of_the_newcomer(store, course, session, monkeypatch, failing):
    kinds = {
        "enrolments": (EnrolmentWrites, "add"),
        "consents": (ConsentWrites, "record"),
        "templates": (TemplateWrites, "add"),
        "marks": (MarkWrites, "set"),
    }

    def full(*_what: object, **_said: object) -> None:
        raise DiskFull(path=Path("register"), free_mb=0.0, needed_mb=20)

    monkeypatch.setattr(*kinds[failing], full)
    with pytest.raises(DiskFull):
        enrol_newcomer(store, course, session, look=look(), newcomer=NEWCOMER, at=NINE)
    assert store.students.all(archived=None) == ()
    assert store.operations.all() == ()


def test_undo_leaves_nothing_of_the_newcomer(store, course, session):
    student = enrol_newcomer(store, course, session, look=look(), newcomer=NEWCOMER, at=NINE).student

    undo_last(store)

    with pytest.raises(NotFoundError):
        store.students.get(student.id)
    assert store.marks.of_session(session.id) == ()
    assert not len(store.templates.gallery(course.id, "stand-in").encodings)
    assert not any(b"Student 09" in file.read_bytes() for file in store.home.iterdir())


def test_an_undo_of_a_newcomer_that_fails_undoes_nothing_and_can_be_tried_again(store, course, session, monkeypatch):
    student = enrol_newcomer(store, course, session, look=look(), newcomer=NEWCOMER, at=NINE).student

    def full(*_what: object) -> None:
        raise DiskFull(path=Path("register"), free_mb=0.0, needed_mb=20)

    with monkeypatch.context() as disk:
        disk.setattr(StudentWrites, "remove", full)
        with pytest.raises(DiskFull):
            undo_last(store)
    assert len(store.marks.of_session(session.id)) == len(store.templates.of_student(student.id)) == 1
    assert store.consents.current(student.id) is not None
    undo_last(store)
    assert store.students.all(archived=None) == ()


def test_a_newcomer_with_marks_from_elsewhere_is_not_erased_by_an_undo(store, course, session):
    student = enrol_newcomer(store, course, session, look=look(), newcomer=NEWCOMER, at=NINE).student
    each(store).sessions.close(session.id, NINE, 0)
    later = each(store).sessions.open(course.id, NINE + timedelta(days=1), timedelta(minutes=10))
    each(store).marks.set_by_teacher(later.id, student.id, Status.PRESENT, NINE + timedelta(days=1))

    with pytest.raises(StudentInUse):
        undo_last(store)
    assert store.students.get(student.id) == student
    assert len(store.marks.of_session(session.id)) == len(store.templates.of_student(student.id)) == 1


def test_a_newcomers_photo_is_kept_with_what_is_known_of_it(store, course, session):
    at = NINE + timedelta(minutes=10)
    enrolled = enrol_newcomer(store, course, session, look=look(3), newcomer=NEWCOMER, at=at)

    student = enrolled.student
    assert (student.number, student.name) == ("S09", "Student 09")
    assert enrolled.mark == store.marks.get(session.id, student.id)
    assert (enrolled.mark.status, enrolled.mark.marked_at) == (Status.PRESENT, at)
    (template,) = store.templates.of_student(student.id)
    assert (template.encoder_id, template.quality, template.enrolled_at) == ("stand-in", 0.9, at)
    assert np.array_equal(template.encoding, look(3).encoding)
    photo = store.templates.thumbnail(template.id)
    assert photo is not None
    assert template.photo_sha256 == hashlib.sha256(photo).hexdigest()
    consent = store.consents.current(student.id)
    assert consent is not None
    assert consent.given_at == at


def test_a_refusal_names_the_student_whose_number_or_face_it_is(store, course, session):
    for number, place in (("S08", 1), ("S09", 2)):
        newcomer = Newcomer(number, f"Student {number}", "form")
        enrol_newcomer(store, course, session, look=look(place), newcomer=newcomer, at=NINE)
    each(store).students.enrol(course.id, each(store).students.add("S00", "A first one, without a face").id)

    with pytest.raises(errors.NumberOfAnother) as taken:
        enrol_newcomer(store, course, session, look=look(5), newcomer=replace(NEWCOMER, number=" S08 "), at=NINE)
    assert taken.value.details == {"number": "S08", "name": "Student S08"}
    with pytest.raises(errors.FaceOnRoster) as known:
        enrol_newcomer(store, course, session, look=look(2), newcomer=replace(NEWCOMER, number="S10"), at=NINE)
    assert known.value.name == "Student S09"


@pytest.mark.parametrize("apart", [-0.01, 0.01])
def test_a_face_is_on_the_roster_below_the_distance_that_tells_two_people_apart(store, course, session, apart):
    enrol_newcomer(store, course, session, look=look(), newcomer=NEWCOMER, at=NINE)
    encoding = look().encoding.copy()
    encoding[0] += ANOTHER_BELOW + apart
    other = replace(look(), encoding=encoding)

    if apart < 0:
        with pytest.raises(errors.FaceOnRoster):
            enrol_newcomer(store, course, session, look=other, newcomer=replace(NEWCOMER, number="S10"), at=NINE)
    else:
        enrol_newcomer(store, course, session, look=other, newcomer=replace(NEWCOMER, number="S10"), at=NINE)
    assert len(store.students.of_course(course.id)) == (1 if apart < 0 else 2)


def test_a_named_face_becomes_the_photo_of_a_student_without_one(store, course):
    student = each(store).students.add("S01", "Student 01")
    each(store).students.enrol(course.id, student.id)
    small = look(quality=replace(GOOD, width_px=22))
    with store.write() as tx:
        enrol_look(tx, course, student, look=small, consent="form", at=NINE)
        tx.offer_undo("kept", NINE)
    (template,) = store.templates.of_student(student.id)
    assert (template.weak, template.face_px) == (True, 22)
    assert store.consents.current(student.id).ground == "form"
    store.undo(tx.changes.operation, NINE)
    assert store.templates.of_student(student.id) == ()
    assert store.consents.current(student.id) is None


def test_a_named_face_that_looks_like_another_student_is_not_kept(store, course, session):
    enrolled = enrol_newcomer(store, course, session, look=look(), newcomer=NEWCOMER, at=NINE)
    student = each(store).students.add("S01", "Student 01")
    each(store).students.enrol(course.id, student.id)
    with pytest.raises(errors.FaceOnRoster) as raised, store.write() as tx:
        enrol_look(tx, course, student, look=look(), consent="form", at=NINE)
    assert raised.value.name == enrolled.student.name
    assert store.consents.current(student.id) is None


def test_a_named_face_is_not_kept_without_consent(store, course):
    student = each(store).students.add("S01", "Student 01")
    each(store).students.enrol(course.id, student.id)
    with pytest.raises(NoConsent), store.write() as tx:
        enrol_look(tx, course, student, look=look(), consent=None, at=NINE)
