"""Photos kept back and named by the others: what is right, what is asked, what is wrong, and what is suggested."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from plda_parameters import plda_parameters
from single_writes import each

from attendance_app.bootstrap import open_chip_cutter
from attendance_app.classifiers.thresholds import Strictness
from attendance_app.domain.errors import Cancelled
from attendance_app.domain.fusion import ClassifierChoice
from attendance_app.domain.people import FaceTemplate, Gallery, Student
from attendance_app.services import classifier_comparison
from attendance_app.services.classifier_comparison import (
    ENOUGH_TRIES,
    CourseCheck,
    CourseComparison,
    NamingCounts,
    NetworkGallery,
    check_gallery,
    compare,
    compare_course,
)
from attendance_app.services.identity.course_photos import PhotoEmbedder
from attendance_app.services.jobs import NoJob
from attendance_app.store.database import open_store

ENCODER = "test"
PARAMETERS = plda_parameters(ENCODER)


def gallery(photos: list[int], *, looks: list[int] | None = None, noise: float = 0.3) -> Gallery:
    """Students with so many photos each; ``looks``: whose face each photo shows, by default its owner's."""
    random = np.random.default_rng(0)
    faces = random.normal(size=(len(photos), 128))
    owners = np.repeat(np.arange(len(photos)), photos)
    shown = owners if looks is None else np.array(looks)
    encodings = (faces[shown] + noise * random.normal(size=(len(owners), 128))).astype(np.float32).reshape(-1, 128)
    students = tuple(Student(100 + i, f"S{i:02}", f"Student {i:02}") for i in range(len(photos)))
    return Gallery(ENCODER, students, encodings, owners)


def check(one: Gallery) -> CourseCheck:
    return check_gallery(one, NoJob(), PARAMETERS)


def test_photos_that_tell_everybody_apart_are_all_named_right() -> None:
    found = check(gallery([3, 3, 3, 3]))
    assert found.outcomes[Strictness.BALANCED] == NamingCounts(right=12)
    assert (found.judged, found.strangers, found.photos) == (12, 12, 12)
    assert found.suggested is Strictness.BALANCED
    assert found.look_alikes == found.misplaced == ()


def test_a_photo_in_the_wrong_place_is_a_wrong_name_and_a_suspect() -> None:
    found = check(gallery([3, 3, 3], looks=[0, 0, 0, 1, 1, 0, 2, 2, 2]))
    assert found.outcomes[Strictness.BALANCED].wrong == 1
    assert [(one.row, one.owner.number, one.fits.number) for one in found.misplaced] == [(5, "S01", "S00")]
    assert found.suggested is Strictness.STRICT


def test_two_students_with_one_face_are_look_alikes_and_marked_for_each_other() -> None:
    found = check(gallery([2, 2, 2], looks=[0, 0, 0, 0, 2, 2]))
    assert [(pair.first.number, pair.second.number) for pair in found.look_alikes] == [("S00", "S01")]
    assert found.outcomes[Strictness.BALANCED].strangers_named == 4
    assert found.suggested is Strictness.STRICT


def test_photos_that_say_little_are_asked_about_not_named_wrong() -> None:
    found = check(gallery([2, 2, 2], looks=[0, 1, 1, 2, 2, 0], noise=3.0))
    outcome = found.outcomes[Strictness.STRICT]
    assert outcome.right + outcome.doubtful + outcome.wrong == found.judged == 6
    assert outcome.doubtful > 0


def test_students_with_one_photo_or_none_are_listed() -> None:
    found = check(gallery([2, 1, 0]))
    assert [student.number for student in found.one_photo] == ["S01"]
    assert [student.number for student in found.without_photos] == ["S02"]
    assert (found.judged, found.strangers) == (2, 3)


@pytest.mark.parametrize("photos", [[0, 0], [1, 0], []], ids=["no photos", "one photo", "no students"])
def test_without_anything_to_compare_nothing_is_suggested(photos: list[int]) -> None:
    found = check(gallery(photos))
    assert (found.judged, found.strangers) == (0, 0)
    assert found.suggested is None


@pytest.mark.parametrize(
    ("tries", "lenient_errors", "suggested"),
    [
        (ENOUGH_TRIES, 0, Strictness.LENIENT),
        (ENOUGH_TRIES, 1, Strictness.BALANCED),
        (ENOUGH_TRIES - 1, 0, Strictness.BALANCED),
    ],
)
def test_lenient_is_suggested_only_after_many_tries_without_an_error(
    tries: int, lenient_errors: int, suggested: Strictness
) -> None:
    outcomes = {one: NamingCounts(right=tries) for one in Strictness}
    outcomes[Strictness.LENIENT] = NamingCounts(right=tries, strangers_named=lenient_errors)
    assert CourseCheck(30, tries, judged=tries, strangers=0, outcomes=outcomes, by_student={}).suggested is suggested


def test_progress_reaches_its_end_and_a_cancelled_check_stops() -> None:
    class Watched:
        def __init__(self, stop_after: int) -> None:
            self.steps: list[tuple[int, int]] = []
            self._stop_after = stop_after

        def report(self, done: int, total: int) -> None:
            self.steps.append((done, total))

        def raise_if_cancelled(self) -> None:
            if len(self.steps) >= self._stop_after:
                raise Cancelled

    whole, stopped = Watched(1000), Watched(3)
    check_gallery(gallery([2, 2]), whole, PARAMETERS)
    assert whole.steps == [(done, 8) for done in range(1, 9)]
    with pytest.raises(Cancelled):
        check_gallery(gallery([2, 2]), stopped, PARAMETERS)
    assert len(stopped.steps) == 3


def test_rates_count_comparisons_and_photos_kept_back() -> None:
    found = check(gallery([2, 2, 2], looks=[0, 0, 0, 0, 2, 2]))
    assert found.comparisons == 6 * 2
    fmr, fnmr = found.fmr(Strictness.BALANCED), found.fnmr(Strictness.BALANCED)
    assert (fmr.count, fmr.total, fmr.exclusive) == (4, 12, 2)
    assert (fnmr.count, fnmr.total) == (4, 6)
    assert fnmr.design_effect > 1, "two photos of one student are no two independent tries"
    assert found.suggested_threshold == 0.99


def test_the_confusion_matrix_names_who_is_marked_for_whom() -> None:
    found = check(gallery([4, 3, 3], looks=[0, 0, 1, 1, 1, 1, 1, 2, 2, 2]))
    told = [(one.owner.number, one.named.number, one.photos) for one in found.confusions]
    assert told == [("S00", "S01", 2)]


def both(main: Gallery, second: Gallery) -> CourseComparison:
    return compare((NetworkGallery(main, PARAMETERS), NetworkGallery(second, PARAMETERS)), NoJob())


def test_the_better_of_two_classifiers_is_suggested() -> None:
    mixed_up = gallery([3, 3, 3], looks=[0, 0, 1, 1, 1, 0, 2, 2, 2])
    found = both(mixed_up, gallery([3, 3, 3]))
    assert found.checks[ClassifierChoice.CNN].outcomes[Strictness.BALANCED] == NamingCounts(right=9)
    assert found.checks[ClassifierChoice.ENCODINGS].outcomes[Strictness.BALANCED].errors > 0
    assert found.suggested is ClassifierChoice.CNN


def test_equally_good_classifiers_leave_it_to_the_main_matcher() -> None:
    assert both(gallery([3, 3]), gallery([3, 3])).suggested is ClassifierChoice.ENCODINGS


def test_photos_that_two_classifiers_disagree_about_are_asked_not_marked() -> None:
    main = gallery([2, 2, 2])
    swapped = gallery([2, 2, 2], looks=[1, 0, 0, 1, 2, 2])
    outcome = both(main, swapped).checks[ClassifierChoice.BOTH].outcomes[Strictness.BALANCED]
    assert outcome == NamingCounts(right=2, doubtful=4)


def test_without_photos_no_classifier_is_suggested() -> None:
    assert both(gallery([0, 0]), gallery([0, 0])).suggested is None


def test_a_courses_photos_are_compared_by_both_networks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Network:
        id = "network"

        def embed(self, chips: np.ndarray) -> np.ndarray:
            raise AssertionError("every photo has its embedding or has no thumbnail")

    monkeypatch.setattr(classifier_comparison, "shipped_parameters", lambda: PARAMETERS)
    now = datetime(2026, 3, 2, 8, tzinfo=UTC)
    faces = gallery([3, 3])
    with open_store(tmp_path) as store:
        course = each(store).courses.add("MATH-1", "Mathematics")
        students = [each(store).students.add(f"S{n:02}", f"Student {n:02}") for n in range(2)]
        for student in students:
            each(store).students.enrol(course.id, student.id)
            each(store).consents.record(student.id, "paper form", now)
        for row, (owner, encoding) in enumerate(zip(faces.owners, faces.encodings, strict=True)):
            of_dlib = FaceTemplate(students[owner].id, ENCODER, encoding, f"{row:064}", 0.9, now)
            each(store).templates.add(of_dlib)
            if row:
                each(store).templates.add(replace(of_dlib, encoder_id="network"))
        steps: list[tuple[int, int]] = []
        job = NoJob()
        monkeypatch.setattr(job, "report", lambda done, total: steps.append((done, total)))

        found = compare_course(
            store, course, PhotoEmbedder(Network(), open_chip_cutter(), replace(PARAMETERS, encoder_id="network")), job
        )

    assert found.left_out == 1
    assert {way: check.photos for way, check in found.checks.items()} == dict.fromkeys(ClassifierChoice, 5)
    assert found.suggested is ClassifierChoice.ENCODINGS
    assert steps == sorted(steps)
    assert all(done <= total for done, total in steps)
