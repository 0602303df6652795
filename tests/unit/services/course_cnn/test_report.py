"""What is said of a course's network, and whether it may decide alone."""

from dataclasses import replace

import pytest

from attendance_app.classifiers.errors import CourseCnnNotSureAlone
from attendance_app.domain.fusion import ClassifierChoice
from attendance_app.services.course_cnn.report import CnnReport, OtherWay, PersonTries, refuse_cnn_alone

REPORT = CnnReport(
    variant=2,
    photos=60,
    students=20,
    best_named=40,
    own=(*[PersonTries(3, right=2)] * 19, PersonTries(3, wrong=1)),
    left_out=tuple(PersonTries(3) for _ in range(20)),
    best_epoch=12,
    epochs=20,
    stopped=True,
    without_photos=(8,),
    beside=(OtherWay(ClassifierChoice.ENCODINGS, (PersonTries(3, right=3),), (PersonTries(3),)),),
)


def test_it_is_read_back_from_the_store() -> None:
    assert CnnReport.from_json(REPORT.to_json()) == REPORT


def test_photos_are_counted_with_their_intervals() -> None:
    assert (REPORT.right.count, REPORT.right.total) == (38, 60)
    assert (REPORT.wrong.count, REPORT.wrong.total) == (1, 60)
    low, high = REPORT.right.interval
    assert low < 38 / 60 < high


def test_students_left_out_are_too_few_strangers_to_be_sure() -> None:
    # None of 60 photos was named, but they show 20 people only.
    assert REPORT.strangers.count == 0
    assert not REPORT.sure_alone


@pytest.mark.parametrize(("people", "named", "sure"), [(72, 0, True), (71, 0, False), (200, 3, True), (200, 4, False)])
def test_other_people_decide_whether_it_may_name_alone(people: int, named: int, sure: bool) -> None:
    others = tuple(PersonTries(1, wrong=int(index < named)) for index in range(people))

    assert replace(REPORT, others=others).sure_alone is sure


def test_a_network_that_is_not_sure_is_refused_with_its_figures() -> None:
    with pytest.raises(CourseCnnNotSureAlone) as refused:
        refuse_cnn_alone("ALG-1", REPORT.to_json())

    assert (refused.value.right, refused.value.photos) == (38, 60)
    assert (refused.value.named, refused.value.tried, refused.value.people) == (0, 60, 20)


def test_a_network_that_names_nobody_is_refused_however_many_strangers_it_leaves_unnamed() -> None:
    others = tuple(PersonTries(1) for _ in range(1000))

    assert not replace(REPORT, own=tuple(PersonTries(3) for _ in range(20)), others=others).sure_alone


def test_a_sure_network_is_not_refused() -> None:
    refuse_cnn_alone("ALG-1", replace(REPORT, others=tuple(PersonTries(1) for _ in range(100))).to_json())
