"""Every photo ends as enrolled, or refused with its reason; the faces are those of the demo class."""

import io
import sqlite3
import zlib
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter
from single_writes import each

from attendance_app.bootstrap import open_reader
from attendance_app.cli.enrolment_report import report_lines, write_report
from attendance_app.config.paths import bundled
from attendance_app.domain.errors import Cancelled
from attendance_app.services.enrolment import Enrolment, EnrolmentOrder, PhotoInstructions
from attendance_app.services.errors import MemberDamaged
from attendance_app.services.far_encodings import make_missing
from attendance_app.services.jobs import NoJob
from attendance_app.services.output.files import OutputFile
from attendance_app.services.photo_folders import PhotoFile
from attendance_app.services.verdicts import Doubt, Verdict
from attendance_app.store.database import FILE_NAME, open_store
from attendance_app.store.errors import DiskFull
from attendance_app.store.templates import TemplateWrites
from attendance_app.vision.errors import FolderForbidden, PhotoEmpty

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PHOTOS = bundled("resources") / "demo" / "photos"


def demo_photo(number: str, which: int = 0) -> bytes:
    return sorted((PHOTOS / number).iterdir())[which].read_bytes()


def file(name: str, content: bytes) -> PhotoFile:
    label, slash, _ = name.partition("/")
    return PhotoFile(name, label if slash else name.partition(".")[0], lambda: content)


def encoded(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


def picture(number: str, which: int = 0) -> Image.Image:
    return Image.open(io.BytesIO(demo_photo(number, which))).convert("RGB")


@pytest.fixture(scope="module")
def reader():
    return open_reader("hog")


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path) as store:
        yield store


@pytest.fixture
def enrol(store, reader):
    course = each(store).courses.add("3B", "Algebra II")
    enrolment = Enrolment(store, reader, hog=reader.detector, clock=lambda: NOON)

    def run(
        *photos: PhotoFile, create_missing: bool = True, consent: str | None = "paper", without_photo=False, job=None
    ):
        order = EnrolmentOrder(course, create_missing, consent, without_photo)
        return list(enrolment.enrol(photos, order, job or NoJob()))

    return run


def verdicts(outcomes):
    return [outcome.verdict for outcome in outcomes]


def test_photos_become_templates_of_their_students(enrol, store, reader):
    outcomes = enrol(file("S01 Student 01/a.webp", demo_photo("S01")), file("S02.webp", demo_photo("S02")))

    assert verdicts(outcomes) == [Verdict.ENROLLED] * 2
    gallery = store.templates.gallery(store.courses.by_code("3B").id, reader.encoder_id)
    assert [(s.number, s.name) for s in gallery.students] == [("S02", "S02"), ("S01", "Student 01")]
    assert gallery.encodings.shape == (2, 128)


def test_photos_are_enrolled_as_from_afar_too_and_later_of_their_thumbnails(enrol, store, reader):
    enrol(*(file(f"S0{n}.webp", demo_photo(f"S0{n}")) for n in (1, 2, 3)))
    course = store.courses.by_code("3B")
    whole = store.templates.gallery(course.id, reader.encoder_id)
    enrolled = whole.far_encodings
    assert np.linalg.norm(enrolled - whole.encodings, axis=1).min() > 0.1, "other pictures than the photos"
    assert make_missing(store, course, reader) == 0

    # As an earlier version has left them.
    with closing(sqlite3.connect(store.home / FILE_NAME)) as database, database:
        database.execute("UPDATE face_template SET far_encoding = NULL")
    assert np.isnan(store.templates.gallery(course.id, reader.encoder_id).far_encodings).all()
    assert make_missing(store, course, reader) == 3
    made = store.templates.gallery(course.id, reader.encoder_id).far_encodings
    apart = np.linalg.norm(made[:, np.newaxis] - enrolled, axis=2)
    assert np.diag(apart).max() < 0.5 * (apart + np.eye(3)).min(), "as they were enrolled, but for the thumbnail's JPEG"


def test_a_photo_that_cant_be_kept_leaves_neither_student_nor_consent(enrol, store, monkeypatch):
    def full(*_what: object) -> None:
        raise DiskFull(path=Path("register"), free_mb=0.0, needed_mb=20)

    monkeypatch.setattr(TemplateWrites, "add", full)
    with pytest.raises(DiskFull):
        enrol(file("S01/a.webp", demo_photo("S01")))
    assert store.students.all() == ()


def test_without_consent_no_template_is_made(enrol, store):
    outcomes = enrol(file("S01/a.webp", demo_photo("S01")), consent=None, without_photo=True)

    assert verdicts(outcomes) == [Verdict.NO_CONSENT]
    (student,) = store.students.of_course(store.courses.by_code("3B").id)
    assert store.templates.of_student(student.id) == ()


@pytest.mark.parametrize("consent", ["paper", None])
def test_of_a_student_whose_photos_are_all_refused_nothing_stays(enrol, store, consent):
    outcomes = enrol(file("S09/grey.png", encoded(Image.new("RGB", (300, 300), "grey"))), consent=consent)

    assert outcomes[0].verdict is not Verdict.ENROLLED
    assert store.students.all() == ()


def test_a_refused_photo_gives_a_student_of_the_roster_no_consent(enrol, store):
    student = each(store).students.add("S09", "Student 09")
    each(store).students.enrol(store.courses.by_code("3B").id, student.id)
    enrol(file("S09/grey.png", encoded(Image.new("RGB", (300, 300), "grey"))))

    assert store.consents.current(student.id) is None


def test_students_without_a_photo_are_entered_where_that_is_asked(enrol, store):
    enrol(file("S09/grey.png", encoded(Image.new("RGB", (300, 300), "grey"))), without_photo=True)

    (student,) = store.students.of_course(store.courses.by_code("3B").id)
    assert student.number == "S09"
    assert store.consents.current(student.id) is not None


def test_a_refusal_that_is_kept_keeps_no_bytes_of_its_file(enrol):
    def damaged() -> bytes:
        raise MemberDamaged(name="S09/a.jpg") from zlib.error("invalid")

    unpacked, broken = enrol(PhotoFile("S09/a.jpg", "S09", damaged), file("S09/b.jpg", demo_photo("S01")[:2000]))

    for error in (unpacked.candidate.error, broken.candidate.error):
        assert error is not None
        assert (error.__traceback__, error.__cause__, error.__context__) == (None, None, None)


def test_a_student_not_on_the_roster_is_not_made_up(enrol, store):
    outcomes = enrol(file("S01/a.webp", demo_photo("S01")), create_missing=False)

    assert verdicts(outcomes) == [Verdict.UNKNOWN_STUDENT]
    assert store.students.all() == ()


def test_the_same_photo_twice_is_enrolled_once(enrol):
    photo = demo_photo("S01")

    assert verdicts(enrol(file("S01/a.webp", photo), file("S01/b.webp", photo))) == [
        Verdict.ENROLLED,
        Verdict.LISTED_TWICE,
    ]
    assert verdicts(enrol(file("S01/c.webp", photo))) == [Verdict.ALREADY_ENROLLED]


def test_a_photo_of_an_enrolled_student_is_refused_for_another_and_names_the_first(enrol):
    enrol(file("S01/a.webp", demo_photo("S01")))
    (outcome,) = enrol(file("S02/a.webp", demo_photo("S01", 1)))

    assert outcome.verdict is Verdict.LOOKS_LIKE_ANOTHER
    assert outcome.candidate.other is not None
    assert outcome.candidate.other.number == "S01"


def test_two_students_of_one_batch_with_the_same_photo_are_both_refused(enrol):
    photo = demo_photo("S01")
    outcomes = enrol(file("S01/a.webp", photo), file("S02/a.webp", photo), file("S03/a.webp", demo_photo("S03")))

    assert verdicts(outcomes) == [Verdict.SAME_PHOTO, Verdict.SAME_PHOTO, Verdict.ENROLLED]
    assert [outcome.candidate.detail for outcome in outcomes[:2]] == ["S02 S02", "S01 S01"]


def test_a_stray_photo_in_the_first_folder_costs_the_other_student_nothing(enrol):
    first = [file("S01/a.webp", demo_photo("S02")), file("S01/b.webp", demo_photo("S01"))]
    second = [file("S02/a.webp", demo_photo("S02")), file("S02/b.webp", demo_photo("S02", 1))]

    assert verdicts(enrol(*first, *second)) == [Verdict.SAME_PHOTO] + 3 * [Verdict.ENROLLED]


def test_a_photo_unlike_the_students_others_is_enrolled_with_a_warning(enrol):
    photos = [file("S01/a.webp", demo_photo("S01")), file("S01/b.webp", demo_photo("S01", 1))]
    outcomes = enrol(*photos, file("S01/c.webp", demo_photo("S09")))

    assert verdicts(outcomes) == [Verdict.ENROLLED] * 3
    assert [line.warning for line in report_lines(outcomes)] == ["", "", "unlike the student's other photos"]


def test_a_teacher_who_knows_better_is_believed(store, reader):
    course = each(store).courses.add("3B", "Algebra II")
    enrolment = Enrolment(store, reader, hog=reader.detector, clock=lambda: NOON)
    order = EnrolmentOrder(course, create_missing=True, consent="paper")
    first = enrolment.look(file("S01/a.webp", demo_photo("S01")), order)
    second = enrolment.look(file("S02/a.webp", demo_photo("S01", 1)), order, PhotoInstructions(sure=True))

    assert [one.refusal for one in enrolment.compare([first, second], order)] == [None, None]
    assert {one.doubt for one in enrolment.compare([first, second], order)} == {Doubt.LIKE_ANOTHER}


def test_comparing_again_takes_back_what_no_longer_holds(store, reader):
    course = each(store).courses.add("3B", "Algebra II")
    enrolment = Enrolment(store, reader, hog=reader.detector, clock=lambda: NOON)
    order = EnrolmentOrder(course, create_missing=True, consent="paper")
    photo = demo_photo("S01")
    both = enrolment.compare([enrolment.look(file(f"{who}/a.webp", photo), order) for who in ("S01", "S02")], order)

    assert [one.refusal for one in both] == [Verdict.SAME_PHOTO] * 2
    assert [one.refusal for one in enrolment.compare(both[:1], order)] == [None]


def test_one_of_several_faces_can_be_chosen(store, reader):
    course = each(store).courses.add("3B", "Algebra II")
    enrolment = Enrolment(store, reader, hog=reader.detector, clock=lambda: NOON)
    order = EnrolmentOrder(course, create_missing=True, consent="paper")
    photo = file("S02/both.png", two_people())
    unsure = enrolment.examine(photo, order)

    assert unsure.refusal is Verdict.SEVERAL_FACES
    right = max(range(2), key=lambda which: unsure.boxes[which].left)
    chosen = enrolment.examine(photo, order, PhotoInstructions(face=right))
    assert chosen.refusal is None
    assert chosen.face is not None
    assert chosen.face.pose.detection.box == unsure.boxes[right]


def two_people() -> bytes:
    first, second = picture("S01"), picture("S02")
    both = Image.new("RGB", (first.width + second.width, first.height), "white")
    both.paste(first, (0, 0))
    both.paste(second, (first.width, 0))
    return encoded(both)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(two_people, Verdict.SEVERAL_FACES, id="two people"),
        pytest.param(lambda: encoded(Image.new("RGB", (400, 300), "green")), Verdict.NO_FACE, id="no face"),
        pytest.param(lambda: demo_photo("S01")[:2000], Verdict.UNREADABLE, id="cut off"),
        pytest.param(lambda: b"not a picture", Verdict.UNREADABLE, id="no picture"),
        pytest.param(lambda: b"", Verdict.UNREADABLE, id="empty"),
        pytest.param(
            lambda: encoded(picture("S14").filter(ImageFilter.GaussianBlur(6))), Verdict.BLURRED, id="out of focus"
        ),
    ],
)
def test_a_photo_that_does_not_serve_is_refused_with_its_reason_and_a_remedy(enrol, content, expected):
    (outcome,) = enrol(file("S01/a.png", content()))

    assert outcome.verdict is expected
    assert report_lines([outcome])[0].remedy


def test_a_photo_a_little_out_of_focus_is_enrolled_with_a_warning(enrol):
    outcomes = enrol(file("S14/a.png", encoded(picture("S14").filter(ImageFilter.GaussianBlur(3)))))

    assert verdicts(outcomes) == [Verdict.ENROLLED]
    assert [line.warning for line in report_lines(outcomes)] == ["blurred"]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(lambda: encoded(picture("S03"), "JPEG"), id="JPEG"),
        pytest.param(lambda: encoded(picture("S03").rotate(90, expand=True)), id="sideways, unsaid"),
        pytest.param(lambda: encoded(picture("S03").convert("L")), id="grey"),
        pytest.param(lambda: encoded(picture("S03").convert("RGBA")), id="with transparency"),
    ],
)
def test_photos_in_any_shape_are_enrolled(enrol, content):
    assert verdicts(enrol(file("S03/a.png", content()))) == [Verdict.ENROLLED]


def test_cancelling_keeps_what_is_done(enrol, store):
    class AfterTwo:
        done = 0

        def report(self, done, total):
            self.done = done

        def raise_if_cancelled(self):
            if self.done == 1:
                raise Cancelled

    photos = [file(f"S0{n}/a.webp", demo_photo(f"S0{n}")) for n in (1, 2, 3)]
    with pytest.raises(Cancelled):
        enrol(*photos, job=AfterTwo())

    students = store.students.of_course(store.courses.by_code("3B").id)
    assert [len(store.templates.of_student(student.id)) for student in students] == [1, 1]


@pytest.mark.parametrize("name", ["report.csv", "report.json"])
def test_the_report_has_a_line_a_file(enrol, tmp_path, name):
    lines = report_lines(enrol(file("=S01/a.webp", demo_photo("S01")), file("S02/b.txt", b"")))
    write_report(lines, OutputFile(tmp_path / name, name.rpartition(".")[2]))

    written = (tmp_path / name).read_text(encoding="utf-8-sig")
    assert [(line.result, line.reason) for line in lines] == [("enrolled", ""), ("refused", "not a picture")]
    assert written.count("a.webp") == 1
    assert (",'=S01," in written) == name.endswith("csv")


def test_a_photo_on_its_side_is_turned_before_it_is_read(enrol, store, reader):
    enrol(file("S03/a.png", demo_photo("S03")))
    (outcome,) = enrol(file("S03/b.png", encoded(picture("S03", 1).rotate(90, expand=True))))
    first, second = store.templates.of_student(store.students.all()[0].id)

    assert outcome.candidate.quarters == 3
    assert float(((first.encoding - second.encoding) ** 2).sum()) ** 0.5 < 0.5


def test_a_photo_is_turned_by_hand(store, reader):
    enrolment = Enrolment(store, reader, hog=reader.detector, clock=lambda: NOON)
    order = EnrolmentOrder(each(store).courses.add("3B", "Algebra II"), create_missing=True, consent="paper")
    photo = file("S01/a.png", encoded(picture("S01").rotate(180)))
    turned, askew = (enrolment.look(photo, order, PhotoInstructions(quarters=quarters)) for quarters in (2, 1))

    assert (turned.refusal, turned.quarters) == (None, 2)
    assert (askew.refusal, askew.quarters) == (Verdict.NO_FACE, 1)


def test_an_unreadable_file_brings_its_own_remedy(enrol):
    (outcome,) = enrol(file("S01/a.png", b""))
    assert isinstance(outcome.candidate.error, PhotoEmpty)
    assert "empty" in report_lines([outcome])[0].detail


def test_a_folder_that_may_not_be_read_is_refused_by_name(enrol, tmp_path):
    closed = PhotoFile("S02", "S02", bytes, FolderForbidden(folder=tmp_path / "S02"))
    (line,) = report_lines(enrol(closed))
    assert (line.file, line.reason) == ("S02", "unreadable")
    assert "may not be read" in line.detail
