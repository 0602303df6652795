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
        pytest.param((ANA, 0.9), (LUIS, 0.3), None, id="the network has no opinion of its own"),
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
