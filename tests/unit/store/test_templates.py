"""Face templates, galleries and erasure."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from single_writes import each

from attendance_app.domain.errors import NotFoundError
from attendance_app.domain.people import FAR_FROM, TrainedHead
from attendance_app.domain.sessions import Evidence, Mark, MarkedBy, Status
from attendance_app.store import driver
from attendance_app.store.changes import Topic
from attendance_app.store.database import FILE_NAME, open_store
from attendance_app.store.errors import NoConsent, OtherEncoder, PhotoEnrolledAlready


@pytest.fixture
def agreed(store, students, now):
    for student in students:
        each(store).consents.record(student.id, "form", now)
    return students


def test_no_template_without_consent(store, students, make_face):
    with pytest.raises(NoConsent, match="S01"):
        each(store).templates.add(make_face(students[0]))
    assert store.templates.of_student(students[0].id) == ()


def test_a_template_comes_back_bit_for_bit(store, agreed, make_face):
    template = make_face(agreed[0])
    kept = each(store).templates.add(template, b"thumb")
    (found,) = store.templates.of_student(agreed[0].id)
    assert np.array_equal(found.encoding, template.encoding)
    assert found.encoding.dtype == np.float32
    assert (found.photo_sha256, found.quality, found.enrolled_at) == ("a" * 64, 0.9, template.enrolled_at)
    assert kept.id is not None
    assert store.templates.thumbnail(kept.id) == b"thumb"


def test_an_encoding_as_from_afar_is_kept_or_added_later(store, agreed, course, make_face):
    far = np.random.default_rng(9).normal(size=128).astype(np.float32)
    first = replace(make_face(agreed[0]), far_encoding=far)
    each(store).templates.add(first, b"first")
    lacking = each(store).templates.add(make_face(agreed[1], photo="b"), b"lacking")
    each(store).templates.add(make_face(agreed[1], photo="c"))
    each(store).templates.add(replace(make_face(agreed[2], photo="d"), face_px=FAR_FROM - 1.0), b"small")
    (found,) = store.templates.of_student(agreed[0].id)
    assert np.array_equal(found.far_encoding, far)
    assert store.templates.without_far(course.id, "resnet:1") == {lacking.id: b"lacking"}
    assert np.isnan(store.templates.gallery(course.id, "resnet:1").far_encodings[1:]).all()

    each(store).templates.set_far(lacking.id, 2 * far)
    each(store).templates.set_far(999, far)

    assert store.templates.without_far(course.id, "resnet:1") == {}
    kept = store.templates.gallery(course.id, "resnet:1").far_encodings
    assert np.array_equal(kept[:2], np.stack([far, 2 * far]))
    assert np.isnan(kept[2:]).all()


def test_a_photo_is_enrolled_once_for_a_student_and_encoder(store, agreed, make_face):
    each(store).templates.add(make_face(agreed[0]))
    with pytest.raises(PhotoEnrolledAlready):
        each(store).templates.add(make_face(agreed[0], seed=1))
    each(store).templates.add(make_face(agreed[0], encoder="resnet:2"))
    each(store).templates.add(make_face(agreed[1]))
    assert store.templates.owners_of_photo("a" * 64, "resnet:1") == (agreed[0].id, agreed[1].id)


def test_the_gallery_has_the_roster_and_this_encoders_faces(store, agreed, course, make_face):
    stranger = each(store).students.add("X", "Not on the roster")
    each(store).consents.record(stranger.id, "form", make_face(agreed[0]).enrolled_at)
    each(store).templates.add(make_face(stranger))
    each(store).templates.add(make_face(agreed[2], seed=2))
    each(store).templates.add(make_face(agreed[2], photo="b", seed=3))
    each(store).templates.add(make_face(agreed[0], encoder="other", seed=4))

    gallery = store.templates.gallery(course.id, "resnet:1")

    assert [s.number for s in gallery.students] == ["S01", "S02", "S03"]
    assert gallery.owners.tolist() == [2, 2]
    expected = np.stack([make_face(agreed[2], seed=2).encoding, make_face(agreed[2], seed=3).encoding])
    assert np.array_equal(gallery.encodings, expected)


def test_faces_of_another_encoder_only_are_refused_not_compared(store, agreed, course, make_face):
    each(store).templates.add(make_face(agreed[0], encoder="old:1"))
    with pytest.raises(OtherEncoder, match="old:1"):
        store.templates.gallery(course.id, "resnet:1")


def test_a_course_without_faces_has_an_empty_gallery(store, agreed, course):
    gallery = store.templates.gallery(course.id, "resnet:1")
    assert gallery.encodings.shape == (0, 128)
    assert len(gallery.students) == 3


def test_archived_students_are_not_in_the_gallery(store, agreed, course, make_face):
    each(store).templates.add(make_face(agreed[0]))
    each(store).students.archive(agreed[0].id)
    gallery = store.templates.gallery(course.id, "resnet:1")
    assert (len(gallery.students), len(gallery.encodings)) == (2, 0)


def test_the_portrait_is_the_best_photo(store, agreed, course, make_face):
    each(store).templates.add(replace(make_face(agreed[0]), quality=0.9), b"good")
    each(store).templates.add(replace(make_face(agreed[0], photo="b"), quality=0.2), b"poor")
    assert store.templates.portraits(course.id) == {agreed[0].id: b"good"}


def test_deleting_a_template_deletes_its_thumbnail(store, agreed, make_face):
    kept = each(store).templates.add(make_face(agreed[0]), b"thumb")
    each(store).templates.delete(kept.id)
    assert store.templates.thumbnail(kept.id) is None
    assert store.templates.of_student(agreed[0].id) == ()
    assert not any(make_face(agreed[0]).encoding.tobytes() in file.read_bytes() for file in store.home.iterdir())


@pytest.fixture
def known_student(store, course, session, agreed, make_face, now):
    """S01 with everything that can be kept about a student."""
    student = each(store).students.update(agreed[0].id, name="Zyxwvut Erasable", email="erasable@example.org")
    each(store).templates.add(make_face(student), b"JPEG-OF-ZYXWVUT")
    each(store).templates.add(make_face(agreed[1], seed=5), b"JPEG-OF-ANOTHER")
    each(store).heads.put(TrainedHead(course.id, "net:1", (student.id, agreed[1].id), b"HEAD-WEIGHTS", "{}", now))
    seen = Evidence(0.99, 5, 0.3, 1)
    each(store).marks.record(Mark(session.id, student.id, Status.PRESENT, MarkedBy.CAMERA, now, now, now, seen))
    each(store).marks.set_by_teacher(session.id, student.id, Status.EXCUSED, now, "zyxwvut's remark")
    other = Evidence(0.99, 5, 0.3, 2, cnn_student_id=student.id, cnn_probability=0.4)
    each(store).marks.record(Mark(session.id, agreed[1].id, Status.PRESENT, MarkedBy.CAMERA, now, now, now, other))
    return student


def test_erasing_leaves_no_byte_of_the_student(store, known_student, course, session, agreed, make_face, now):
    traces = (
        make_face(known_student).encoding.tobytes(),
        *(b"Zyxwvut", b"erasable@", b"JPEG-OF-ZYXWVUT", b"HEAD-WEIGHTS", b"zyxwvut's remark"),
    )

    def found() -> list[bytes]:
        content = b"".join(file.read_bytes() for file in store.home.iterdir())
        return [trace for trace in traces if trace in content]

    assert found() == list(traces)
    erasure = each(store).erasures.erase_student(known_student.id, now)
    assert found() == []

    assert (erasure.templates, erasure.consents, erasure.marks, erasure.changes) == (1, 1, 1, 2)
    assert store.erasures.log() == (erasure,)
    assert store.marks.get(session.id, known_student.id) is None
    assert store.heads.of_course(course.id) is None
    with pytest.raises(NotFoundError):
        store.students.get(known_student.id)


def test_erasing_one_keeps_the_others(store, known_student, session, agreed, now):
    each(store).erasures.erase_student(known_student.id, now)
    mark = store.marks.get(session.id, agreed[1].id)
    assert mark is not None
    assert mark.status is Status.PRESENT
    assert mark.evidence is not None
    assert mark.evidence.cnn_student_id is None
    (template,) = store.templates.of_student(agreed[1].id)
    assert store.templates.thumbnail(template.id) == b"JPEG-OF-ANOTHER"


def scrub_asked(store) -> bool:
    """Whether a deletion still waits for the rewriting of the files."""
    with closing(driver.connect(store.home / FILE_NAME)) as raw:
        return raw.execute("SELECT count(*) FROM setting WHERE key = 'store.scrub_pending'").fetchone() != (0,)


def test_an_erasure_while_somebody_reads_is_finished_at_the_next_start(store, known_student, now):
    with closing(driver.connect(store.home / FILE_NAME)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM student").fetchone() == (3,)
        each(store).erasures.erase_student(known_student.id, now)
        assert scrub_asked(store)
        reader.execute("ROLLBACK")
    with open_store(store.home) as again:
        assert not scrub_asked(again)
        assert not any(b"Zyxwvut" in file.read_bytes() for file in store.home.iterdir())


def test_erasing_removes_copies_made_before_migrations(store, known_student, now):
    copy = store.home / f"{FILE_NAME}.before-0001"
    copy.write_bytes(b"Zyxwvut")
    each(store).erasures.erase_student(known_student.id, now)
    assert not copy.exists()


def test_a_head_is_replaced_and_comes_back_whole(store, course, students, now):
    each(store).heads.put(TrainedHead(course.id, "net:1", (1, 2), b"old", "{}", now))
    head = TrainedHead(course.id, "net:2", (students[0].id, students[1].id), b"\0new", '{"a": 1}', now + timedelta(1))
    each(store).heads.put(head)
    assert store.heads.of_course(course.id) == head


def test_templates_are_listed_oldest_first_and_by_encoder(store, agreed, make_face):
    for photo, encoder in (("b", "resnet:1"), ("a", "other"), ("a", "resnet:1")):
        each(store).templates.add(make_face(agreed[0], photo=photo, encoder=encoder))
    each(store).templates.add(make_face(agreed[1]))

    def kept(*encoder: str) -> list[tuple[str, str]]:
        return [(one.photo_sha256[0], one.encoder_id) for one in store.templates.of_student(agreed[0].id, *encoder)]

    assert kept() == [("b", "resnet:1"), ("a", "other"), ("a", "resnet:1")]
    assert kept("resnet:1") == [("b", "resnet:1"), ("a", "resnet:1")]
    assert kept("none") == []


def test_a_photos_owners_are_those_of_one_encoder(store, agreed, make_face):
    each(store).templates.add(make_face(agreed[0], encoder="other"))
    each(store).templates.add(make_face(agreed[1], photo="b"))
    each(store).templates.add(make_face(agreed[2]))
    assert store.templates.owners_of_photo("a" * 64, "resnet:1") == (agreed[2].id,)


def test_photos_are_counted_for_the_course_only(store, agreed, course, make_face):
    art = each(store).courses.add("ART", "")
    each(store).students.enrol(art.id, agreed[1].id)
    for student, photo in ((agreed[0], "a"), (agreed[0], "b"), (agreed[1], "a")):
        each(store).templates.add(make_face(student, photo=photo), photo.encode())
    assert store.templates.counts(course.id) == {agreed[0].id: 2, agreed[1].id: 1}
    assert store.templates.counts(art.id) == {agreed[1].id: 1}
    assert store.templates.portraits(art.id) == {agreed[1].id: b"a"}


def test_a_template_without_a_thumbnail_has_none(store, agreed, course, make_face):
    kept = each(store).templates.add(make_face(agreed[0]))
    assert kept.id is not None
    assert store.templates.thumbnail(kept.id) is None
    assert store.templates.portraits(course.id) == {}


def test_an_archived_student_is_not_compared_with(store, agreed, course, make_face):
    for seed, student in enumerate(agreed[:2]):
        each(store).templates.add(make_face(student, seed=seed))
    each(store).students.archive(agreed[0].id)
    gallery = store.templates.gallery(course.id, "resnet:1")
    assert [student.number for student in gallery.students] == ["S02", "S03"]
    assert (gallery.owners.tolist(), gallery.encoder_id) == ([0], "resnet:1")
    assert np.array_equal(gallery.encodings, make_face(agreed[1], seed=1).encoding[np.newaxis])
    assert (gallery.encodings.dtype, gallery.owners.dtype) == (np.float32, np.intp)


def test_refused_encoders_are_named_once_each(store, agreed, course, make_face):
    for student, encoder in ((agreed[0], "old:2"), (agreed[1], "old:1"), (agreed[2], "old:2")):
        each(store).templates.add(make_face(student, encoder=encoder))
    with pytest.raises(OtherEncoder) as refused:
        store.templates.gallery(course.id, "resnet:1")
    assert refused.value.other == ("old:1", "old:2")


def test_an_encoding_is_stored_as_little_endian_float32_whatever_it_came_as(store, agreed, make_face):
    face = make_face(agreed[0])
    each(store).templates.add(replace(face, encoding=face.encoding.astype(">f8")))
    (found,) = store.templates.of_student(agreed[0].id)
    assert np.array_equal(found.encoding, face.encoding)
    with closing(driver.connect(store.home / FILE_NAME)) as raw:
        (stored,) = raw.execute("SELECT encoding FROM face_template").fetchone()
    assert stored == face.encoding.astype("<f4").tobytes()


def test_a_head_goes_with_a_face_in_it_and_others_stay(store, agreed, course, make_face, now):
    art = each(store).courses.add("ART", "")
    kept = each(store).templates.add(make_face(agreed[0]))
    each(store).heads.put(TrainedHead(course.id, "net:1", (agreed[0].id, agreed[1].id), b"w", "{}", now))
    other = TrainedHead(art.id, "net:1", (agreed[1].id, agreed[2].id), b"v", "{}", now)
    each(store).heads.put(other)
    each(store).templates.delete(kept.id)
    assert store.heads.of_course(course.id) is None
    assert store.heads.of_course(art.id) == other


def test_a_refusal_names_the_student(store, students, make_face, now):
    with pytest.raises(NoConsent) as without:
        each(store).templates.add(make_face(students[1]))
    assert without.value.number == "S02"
    each(store).consents.record(students[1].id, "form", now)
    each(store).templates.add(make_face(students[1]))
    with pytest.raises(PhotoEnrolledAlready) as twice:
        each(store).templates.add(make_face(students[1]))
    assert twice.value.number == "S02"


def test_erasures_are_logged_oldest_first_with_what_was_there(store, known_student, agreed, now):
    each(store).erasures.erase_student(agreed[2].id, now + timedelta(1))
    each(store).erasures.erase_student(known_student.id, now + timedelta(2))
    log = [(one.erased_at, one.templates, one.consents, one.marks, one.changes) for one in store.erasures.log()]
    assert log == [(now + timedelta(1), 0, 1, 0, 0), (now + timedelta(2), 1, 1, 1, 2)]


def test_a_trained_head_is_a_change_of_faces_that_is_not_undone(store, agreed, course, now):
    with store.write() as tx:
        tx.heads.put(TrainedHead(course.id, "net:1", (agreed[0].id,), b"w", "{}", now), made_of=frozenset())
        tx.offer_undo("trained", now)
    assert (tx.changes.topics, tx.changes.operation) == ({Topic.FACES}, None)
