"""Who is marked, and after how much evidence."""

import itertools
import time
from dataclasses import replace

import numpy as np
import pytest

from attendance_app.domain.roll_call import DecisionKind, Proof, RollCall, Rules, Sighting, assign, merge_unknown

RULES = Rules(accept=0.99, review=0.5, min_sightings=3, unknown_after=3)
SURE, DOUBTFUL, POOR = 0.999, 0.8, 0.3


def sightings(*named: tuple[int | None, float], track: int = 1) -> list[Sighting]:
    return [
        Sighting(track, student, probability, 0.4 - 0.01 * index, float(index))
        for index, (student, probability) in enumerate(named)
    ]


def decide(roll_call: RollCall, seen: list[Sighting]) -> list[tuple[int, DecisionKind, int | None]]:
    decisions = [(index, roll_call.observe(sighting)) for index, sighting in enumerate(seen)]
    return [(index, decision.kind, decision.student_id) for index, decision in decisions if decision]


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        pytest.param([(7, SURE)] * 3, [(2, DecisionKind.MARK, 7)], id="third sure sighting marks"),
        pytest.param([(7, SURE)] * 2, [], id="two are not enough"),
        pytest.param([(7, SURE)] * 5, [(2, DecisionKind.MARK, 7)], id="marks once only"),
        pytest.param([(7, SURE), (None, SURE), (7, SURE), (7, SURE)], [], id="a stranger in between starts over"),
        pytest.param(
            [(7, SURE), (8, SURE), (8, SURE), (8, SURE)], [(3, DecisionKind.MARK, 8)], id="a change of name too"
        ),
        pytest.param([(7, DOUBTFUL)] * 3, [(2, DecisionKind.REVIEW, 7)], id="likely is asked about"),
        pytest.param([(7, POOR)] * 6, [], id="unlikely is not even asked about"),
        pytest.param(
            [(7, DOUBTFUL)] * 3 + [(7, SURE)] * 3,
            [(2, DecisionKind.REVIEW, 7), (3, DecisionKind.REVIEW, 7), (5, DecisionKind.MARK, 7)],
            id="doubt may turn into certainty",
        ),
        pytest.param(
            [(7, SURE), (7, SURE), (7, DOUBTFUL), (7, SURE)],
            [(2, DecisionKind.REVIEW, 7), (3, DecisionKind.REVIEW, 7)],
            id="a doubt in between starts over",
        ),
        pytest.param([(7, RULES.accept)] * 3, [(2, DecisionKind.MARK, 7)], id="just sure enough"),
        pytest.param([(7, RULES.accept - 1e-9)] * 3, [(2, DecisionKind.REVIEW, 7)], id="not quite sure enough"),
        pytest.param([(7, RULES.review)] * 3, [(2, DecisionKind.REVIEW, 7)], id="just likely enough to ask"),
        pytest.param([(7, RULES.review - 1e-9)] * 3, [], id="not quite likely enough to ask"),
        pytest.param(
            [(7, 0.5)] * 3 + [(7, 0.6 - 1e-9), (7, 0.6)],
            [(2, DecisionKind.REVIEW, 7), (4, DecisionKind.REVIEW, 7)],
            id="asked again only when likelier by a step",
        ),
        pytest.param([(None, 0.9)] * 3, [(2, DecisionKind.UNKNOWN, None)], id="just surely a stranger"),
        pytest.param([(None, 0.9 - 1e-9)] * 3, [], id="not quite surely a stranger"),
        pytest.param([(None, POOR)] * 9, [], id="a face that may be somebody is not yet unknown"),
        pytest.param([(None, SURE)] * 4, [(2, DecisionKind.UNKNOWN, None)], id="nobody of the roster, said once"),
    ],
)
def test_roll_call_decides(named, expected):
    assert decide(RollCall(RULES), sightings(*named)) == expected


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        pytest.param([(7, SURE, True)] * 4, [], id="under a mask three sure sightings are not enough"),
        pytest.param([(7, SURE, True)] * 5, [(4, DecisionKind.MARK, 7)], id="five are"),
        pytest.param([(7, 0.992, True)] * 6, [(4, DecisionKind.REVIEW, 7)], id="nor is a bare face's probability"),
        pytest.param(
            [(7, SURE, True)] * 3 + [(7, SURE, False)], [(3, DecisionKind.MARK, 7)], id="a mask taken off proves it"
        ),
        pytest.param(
            [(7, SURE, False)] * 2 + [(7, SURE, True)] * 3,
            [(4, DecisionKind.MARK, 7)],
            id="a mask put on needs more",
        ),
        pytest.param([(None, SURE, True)] * 3, [(2, DecisionKind.UNKNOWN, None)], id="a masked stranger is unknown"),
    ],
)
def test_a_masked_face_needs_more_proof(named, expected):
    rules = replace(RULES, masked=Proof(accept=0.995, min_sightings=5))
    seen = [
        replace(sighting, masked=masked)
        for sighting, (_, _, masked) in zip(sightings(*[one[:2] for one in named]), named, strict=True)
    ]
    assert decide(RollCall(rules), seen) == expected


def test_the_mark_carries_its_evidence():
    roll_call = RollCall(RULES)

    decision = [roll_call.observe(sighting) for sighting in sightings((7, SURE), (7, 0.995), (7, 0.998))][-1]

    assert decision is not None
    assert (decision.sightings, decision.probability, decision.track_id) == (3, 0.998, 1)
    assert decision.best_distance == pytest.approx(0.38)
    assert (decision.first_seconds, decision.seconds) == (0.0, 2.0)


def test_a_second_track_of_a_marked_student_marks_nothing():
    roll_call = RollCall(RULES)
    decide(roll_call, sightings(*[(7, SURE)] * 3, track=1))

    assert decide(roll_call, sightings(*[(7, SURE)] * 4, track=2)) == []
    assert roll_call.student_of(2) == 7


def test_a_track_proves_a_student_by_its_last_sure_sighting():
    roll_call = RollCall(RULES)
    assert roll_call.student_of(1) is None

    decide(roll_call, sightings(*[(7, SURE)] * 2))
    assert roll_call.student_of(1) is None

    decide(roll_call, sightings((7, SURE)))
    assert roll_call.student_of(1) == 7

    roll_call.forget(1)
    assert roll_call.student_of(1) is None
    assert roll_call.marked == {7}


def test_a_surely_unknown_track_proves_nobody():
    roll_call = RollCall(RULES)
    decide(roll_call, sightings(*[(None, SURE)] * 5))

    assert roll_call.student_of(1) is None
    assert roll_call.unknown_tracks == {1}


def test_a_mark_that_was_taken_back_may_be_made_again():
    roll_call = RollCall(RULES)
    decide(roll_call, sightings(*[(7, SURE)] * 3))
    roll_call.release(7)

    assert roll_call.marked == frozenset()
    assert decide(roll_call, sightings((7, SURE))) == [(0, DecisionKind.MARK, 7)]


def test_a_doubt_about_a_student_who_was_taken_back_is_asked_anew():
    roll_call = RollCall(RULES)
    decide(roll_call, sightings(*[(7, DOUBTFUL)] * 3, *[(7, SURE)] * 3))
    roll_call.release(7)
    roll_call.forget(1)

    assert decide(roll_call, sightings(*[(7, DOUBTFUL)] * 3)) == [(2, DecisionKind.REVIEW, 7)]


def test_nobody_asks_about_a_student_who_is_marked():
    roll_call = RollCall(RULES)
    roll_call.already_marked(7)

    assert decide(roll_call, sightings(*[(7, DOUBTFUL)] * 4)) == []


def test_of_two_who_are_likely_together_one_is_asked_about():
    roll_call = RollCall(RULES)
    seen = [replace(sighting, either=0.95) for sighting in sightings(*[(7, POOR)] * 3)]

    assert decide(roll_call, seen) == [(2, DecisionKind.REVIEW, 7)]


def test_what_never_was_can_be_taken_back_and_forgotten():
    roll_call = RollCall(RULES)
    roll_call.release(7)
    roll_call.forget(1)

    assert decide(roll_call, sightings(*[(7, SURE)] * 3)) == [(2, DecisionKind.MARK, 7)]


@pytest.mark.parametrize(
    ("named", "masked", "expected"),
    [
        pytest.param([(7, SURE)], False, [(0, DecisionKind.MARK, 7)], id="one look proves a student"),
        pytest.param([(7, DOUBTFUL)], False, [(0, DecisionKind.REVIEW, 7)], id="one doubtful look is asked about"),
        pytest.param([(None, SURE)], False, [(0, DecisionKind.UNKNOWN, None)], id="one look tells a stranger"),
        pytest.param(
            [(7, SURE)] * 2,
            True,
            [(0, DecisionKind.REVIEW, 7), (1, DecisionKind.MARK, 7)],
            id="under a mask a second look is needed",
        ),
        pytest.param([(7, RULES.accept - 1e-9)] * 2, True, [(0, DecisionKind.REVIEW, 7)], id="both of them sure"),
    ],
)
def test_photographs_need_fewer_looks_and_the_same_probabilities(named, masked, expected):
    rules = replace(RULES, masked=Proof(accept=0.999, min_sightings=9)).for_photographs()
    seen = [replace(sighting, masked=masked) for sighting in sightings(*named)]

    assert decide(RollCall(rules), seen) == expected


def test_a_resumed_session_does_not_mark_again():
    roll_call = RollCall(RULES)
    roll_call.already_marked(7)

    assert decide(roll_call, sightings(*[(7, SURE)] * 3)) == []
    assert roll_call.marked == {7}


def test_a_track_that_turns_out_to_be_a_student_is_no_unknown_person():
    roll_call = RollCall(RULES)
    decide(roll_call, sightings(*[(None, SURE)] * 3, *[(7, SURE)] * 3))

    assert roll_call.unknown_tracks == frozenset()


def test_no_student_is_on_two_faces_of_a_frame():
    posterior = np.array([[0.90, 0.05, 0.05], [0.99, 0.005, 0.005]])

    settled = assign(posterior)

    assert settled[1][0] == 0
    assert settled[0] == (None, 0.05)


def test_the_loser_is_not_pushed_onto_an_unlikely_student():
    posterior = np.array([[0.98, 0.015, 0.005], [0.97, 0.02, 0.01]])

    assert [student for student, _ in assign(posterior)] == [0, None]


def test_any_number_of_faces_may_be_strangers():
    posterior = np.tile([0.01, 0.02, 0.97], (4, 1))

    assert assign(posterior) == [(None, 0.97)] * 4


def test_a_roster_without_templates_knows_nobody():
    assert assign(np.ones((2, 1))) == [(None, 1.0), (None, 1.0)]


def test_twins_share_the_probability_so_that_neither_is_sure():
    posterior = np.array([[0.995, 0.005], [0.993, 0.007]])

    (first, sure), (second, _) = assign(posterior)

    assert (first, second) == (0, None)
    assert sure == pytest.approx(0.58, abs=0.02)


def test_a_much_better_claim_stays_sure():
    (student, sure), _ = assign(np.array([[0.99999, 0.00001], [0.9, 0.1]]))

    assert (student, sure > 0.999) == (0, True)


def test_unknown_tracks_of_one_person_are_one_person():
    person, other = np.zeros(128, np.float32), np.ones(128, np.float32)
    again = person + np.float32(0.01)

    assert merge_unknown([person, other, again], same_below=0.6) == [0, 1, 0]
    assert merge_unknown([], same_below=0.6) == []


def test_tracks_are_one_person_through_a_third():
    a, b, c = (np.zeros(128, np.float32) for _ in range(3))
    b[0], c[0] = 0.5, 1.0

    assert len(set(merge_unknown([a, c, b], same_below=0.6))) == 1
    assert len(set(merge_unknown([a, c], same_below=0.6))) == 2


def test_tracks_just_as_far_apart_as_the_limit_are_two_people():
    a, b = np.zeros(128, np.float32), np.zeros(128, np.float32)
    b[0] = 0.5

    assert len(set(merge_unknown([a, b], same_below=0.5))) == 2


def test_a_claim_is_shared_by_the_odds():
    (first, sure), (second, stranger) = assign(np.array([[0.8, 0.0, 0.2], [0.6, 0.0, 0.4]]))

    assert (first, second) == (0, None)
    assert sure == pytest.approx(4 / (1 + 4 + 1.5))
    assert stranger == pytest.approx(0.4)


def test_who_is_clearly_another_face_is_no_rival_any_more():
    doubtful = [0.7, 0.28, 0.02]
    (_, alone), *_ = assign(np.array([doubtful]))
    (student, sure), *_ = assign(np.array([doubtful, [0.0, 0.999, 0.001]]))

    assert alone == pytest.approx(0.7)
    assert student == 0
    assert sure == pytest.approx(0.7 / 0.72, abs=0.01)


def by_counting(posterior: np.ndarray) -> np.ndarray:
    """The same probabilities from all ways to give faces their students."""
    faces, columns = posterior.shape
    total, found = 0.0, np.zeros((faces, columns - 1))
    for given in itertools.product(range(columns), repeat=faces):
        students = [column for column in given if column < columns - 1]
        if len(set(students)) == len(students):
            weight = float(np.prod(posterior[np.arange(faces), given]))
            total += weight
            for face, column in enumerate(given):
                if column < columns - 1:
                    found[face, column] += weight
    return found / total


@pytest.mark.parametrize("seed", range(12))
def test_probabilities_together_are_near_those_of_all_ways_to_settle_the_faces(seed):
    odds = np.exp(np.random.default_rng(seed).normal(0, 2, (4, 5)))
    posterior = odds / odds.sum(axis=1, keepdims=True)
    exact = by_counting(posterior)

    for face, (student, probability) in enumerate(assign(posterior)):
        if student is not None:
            assert probability == pytest.approx(exact[face, student], abs=0.08)


def test_what_another_student_is_given_does_not_lower_a_claim():
    (first, sure), (second, also) = assign(np.array([[0.8, 0.0, 0.2], [0.0, 0.9, 0.1]]))

    assert (first, second) == (0, 1)
    assert (sure, also) == (pytest.approx(0.8), pytest.approx(0.9))


def test_six_hundred_tracks_are_grouped_in_milliseconds():
    people = np.random.default_rng(1).normal(0, 1, (60, 128))
    tracks = [people[number % 60] + np.float64(0.001) * number for number in range(600)]

    def spent() -> float:
        begun = time.perf_counter()
        groups = merge_unknown(tracks, same_below=8.0)
        assert groups == [number % 60 for number in range(600)]
        return time.perf_counter() - begun

    # 8 ms on a quiet machine; pair by pair it takes 300 ms and more. One good run is enough on a busy one.
    assert any(spent() < 0.15 for _ in range(20))
