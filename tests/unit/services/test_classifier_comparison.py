"""Photos kept back and named by the others: what is right, what is asked, what is wrong, and what is suggested."""

import numpy as np
import pytest

from attendance_app.classifiers.plda import PldaParameters
from attendance_app.classifiers.thresholds import Strictness
from attendance_app.domain.errors import Cancelled
from attendance_app.domain.people import Gallery, Student
from attendance_app.services.classifier_comparison import ENOUGH_TRIES, CourseCheck, Outcome, check_gallery
from attendance_app.services.jobs import NoJob

ENCODER = "test"
PARAMETERS = PldaParameters(
    encoder_id=ENCODER,
    mean=np.zeros(128),
    projection=np.eye(128) * np.sqrt(128 * 11),
    between=np.full(128, 10.0),
    track_correlation=0.5,
    scale=1.0,
    offset=0.0,
)


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
    assert found.outcomes[Strictness.BALANCED] == Outcome(right=12)
    assert (found.judged, found.strangers, found.photos) == (12, 12, 12)
    assert found.suggested is Strictness.BALANCED
    assert found.look_alikes == found.suspects == ()


def test_a_photo_in_the_wrong_place_is_a_wrong_name_and_a_suspect() -> None:
    found = check(gallery([3, 3, 3], looks=[0, 0, 0, 1, 1, 0, 2, 2, 2]))
    assert found.outcomes[Strictness.BALANCED].wrong == 1
    assert [(one.row, one.owner.number, one.fits.number) for one in found.suspects] == [(5, "S01", "S00")]
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
    outcomes = {one: Outcome(right=tries) for one in Strictness}
    outcomes[Strictness.LENIENT] = Outcome(right=tries, strangers_named=lenient_errors)
    assert CourseCheck(30, tries, judged=tries, strangers=0, outcomes=outcomes).suggested is suggested


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
