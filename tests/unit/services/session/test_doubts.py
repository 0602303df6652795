"""Which students a doubt is about, and what the teacher's answer changes for the other faces of the frame."""

import numpy as np
import pytest

from attendance_app.classifiers.lookalikes import LookAlikes
from attendance_app.domain.people import Student
from attendance_app.services.session.doubts import (
    Alternatives,
    AlternativesKind,
    TopMatch,
    alternatives_about,
    apply_names,
    look_alike_ids,
)

ANA, LUIS, EVA = 1, 2, 3
ALIKE = {ANA: frozenset({LUIS, EVA}), LUIS: frozenset({ANA}), EVA: frozenset({ANA})}
COLUMN = {ANA: 0, LUIS: 1, EVA: 2}


def test_pairs_that_look_alike_are_found_from_either_side():
    ana, luis = Student(ANA, "S01", "Student 01"), Student(LUIS, "S02", "Student 02")

    assert look_alike_ids([LookAlikes(ana, luis, 0.7)]) == {ANA: frozenset({LUIS}), LUIS: frozenset({ANA})}


def test_a_student_has_all_look_alikes_of_all_pairs():
    ana, luis, eva = (Student(number, str(number), str(number)) for number in (ANA, LUIS, EVA))
    pairs = [LookAlikes(ana, luis, 0.7), LookAlikes(eva, ana, 0.6)]

    assert look_alike_ids(pairs) == {ANA: frozenset({LUIS, EVA}), LUIS: frozenset({ANA}), EVA: frozenset({ANA})}


def test_of_look_alikes_equally_likely_the_first_is_asked_about():
    chosen = alternatives_about(ANA, dict.fromkeys(COLUMN, 0.2), opinions=None, alike=ALIKE)

    assert chosen == Alternatives(AlternativesKind.LOOK_ALIKES, ANA, LUIS)
    assert chosen.student_ids == (ANA, LUIS)


def test_a_look_alike_who_is_not_compared_with_is_no_candidate():
    assert alternatives_about(ANA, {ANA: 0.9, 9: 0.1}, opinions=None, alike=ALIKE) is None
    chosen = alternatives_about(ANA, {ANA: 0.9, EVA: 0.0}, opinions=None, alike=ALIKE)
    assert chosen == Alternatives(AlternativesKind.LOOK_ALIKES, ANA, EVA)


def test_opinions_that_agree_leave_the_look_alikes_to_be_asked_about():
    opinions = (TopMatch(ANA, 0.9), TopMatch(ANA, 0.9))

    assert alternatives_about(ANA, dict.fromkeys(COLUMN, 0.2), opinions=opinions, alike=ALIKE) == Alternatives(
        AlternativesKind.LOOK_ALIKES, ANA, LUIS
    )


def test_of_several_look_alikes_the_likeliest_is_asked_about():
    chosen = alternatives_about(ANA, {ANA: 0.5, LUIS: 0.1, EVA: 0.3}, opinions=None, alike=ALIKE)

    assert chosen == Alternatives(AlternativesKind.LOOK_ALIKES, ANA, EVA)


def test_a_doubt_without_look_alikes_is_about_one_student():
    assert alternatives_about(ANA, {ANA: 0.6, LUIS: 0.3}, opinions=None, alike={}) is None


@pytest.mark.parametrize(
    ("photos", "network", "expected"),
    [
        pytest.param((ANA, 0.9), (LUIS, 0.8), Alternatives(AlternativesKind.OPINIONS, ANA, LUIS), id="they differ"),
        pytest.param(
            (LUIS, 0.9), (ANA, 0.8), Alternatives(AlternativesKind.OPINIONS, LUIS, ANA), id="the photos' answer first"
        ),
        pytest.param((ANA, 0.9), (ANA, 0.8), None, id="they agree"),
        pytest.param((ANA, 0.9), (None, 0.8), None, id="the network takes them for a stranger"),
        pytest.param((None, 0.9), (ANA, 0.8), None, id="the photos take them for a stranger"),
        pytest.param((ANA, 0.5), (LUIS, 0.5), Alternatives(AlternativesKind.OPINIONS, ANA, LUIS), id="just opinions"),
        pytest.param((ANA, 0.9), (LUIS, 0.49), None, id="the network has no opinion of its own"),
        pytest.param((ANA, 0.49), (LUIS, 0.9), None, id="the photos have no opinion of their own"),
        pytest.param((LUIS, 0.9), (EVA, 0.8), None, id="neither names the student asked about"),
    ],
)
def test_opinions_that_differ_are_both_shown(photos, network, expected):
    opinions = (TopMatch(*photos), TopMatch(*network))

    assert alternatives_about(ANA, dict.fromkeys(COLUMN, 0.3), opinions=opinions, alike={}) == expected


def test_the_teachers_word_settles_a_face_and_makes_the_look_alike_sure():
    before = np.array([[0.5, 0.48, 0.0, 0.02], [0.49, 0.49, 0.0, 0.02]])

    after = apply_names(before, [7, 8], {7: ANA}, COLUMN)

    assert after[0].tolist() == [1, 0, 0, 0]
    assert after[1, COLUMN[ANA]] == 0
    assert after[1, COLUMN[LUIS]] == pytest.approx(0.49 / 0.51)


def test_a_person_seen_twice_does_not_become_a_stranger_by_the_teachers_word():
    before = np.array([[0.99, 0.0, 0.0, 0.01], [0.99, 0.0, 0.0, 0.01]])

    assert apply_names(before, [7, 8], {7: ANA}, COLUMN)[1, -1] == pytest.approx(0.01)


def test_without_a_word_nothing_changes():
    before = np.array([[0.5, 0.3, 0.1, 0.1]])

    assert apply_names(before, [7], {8: ANA, 7: 99}, COLUMN).tolist() == before.tolist()


def test_what_another_face_loses_is_shared_out_and_never_more_than_certain():
    before = np.array([[0.2, 0.3, 0.1, 0.4], [0.8, 0.15, 0.05, 0.0], [1.0, 0.0, 0.0, 0.0]])

    after = apply_names(before, [7, 8, 9], {7: ANA}, COLUMN)

    assert after[0].tolist() == [1, 0, 0, 0]
    assert after[1].tolist() == pytest.approx([0, 0.75, 0.25, 0])
    assert after[2].tolist() == [0, 0, 0, 0]
    assert before[0, 0] == 0.2


def test_two_names_in_one_frame_are_both_kept():
    before = np.full((3, 4), 0.25)

    after = apply_names(before, [7, 8, 9], {7: ANA, 9: LUIS}, COLUMN)

    assert after[0].tolist() == [1, 0, 0, 0]
    assert after[2].tolist() == [0, 1, 0, 0]
    assert after[1].tolist() == pytest.approx([0, 0, 0.25 / 0.75 / (1 - 0.25 / 0.75), 0.25])


def test_an_unnamed_face_is_nobodys_though_a_student_has_the_number_minus_one():
    before = np.array([[0.5, 0.5]])

    assert apply_names(before, [7], {}, {ANA: 0}).tolist() == before.tolist()
