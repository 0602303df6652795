"""From scripted frames to faces and decisions; the engine is a stand-in, the rules are the real ones."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from attendance_app.domain.faces import Box, Detection, Flaw, Frame, Quality
from attendance_app.domain.fusion import ClassifierChoice
from attendance_app.domain.masks import MaskOpinion, MaskState
from attendance_app.domain.people import Gallery, Student
from attendance_app.domain.roll_call import DecisionKind, Proof, Rules, merge_unknown
from attendance_app.services.face_reader import MeasuredFace, ReadFace
from attendance_app.services.session.cadence import Cadence, Scan
from attendance_app.services.session.doubts import Alternatives, AlternativesKind
from attendance_app.services.session.evidence import InHouseNetworks
from attendance_app.services.session.frame_result import FaceState, FrameResult
from attendance_app.services.session.pipeline import Pipeline
from attendance_app.services.session.source_lane import OneScanAtATime
from attendance_app.services.session.stages.track_states import GallerySnapshot

STUDENTS = (Student(11, "S01", "Student 01"), Student(12, "S02", "Student 02"))
SEATS = {"left": Box(40, 40, 120, 120), "beside": Box(112, 44, 192, 124), "right": Box(216, 40, 296, 120)}
"""The first two are one student's places as they move on their seat, too far apart to be one track by overlap."""


def person(number: int) -> np.ndarray:
    """A point of the encodings' space, 1 away from every other person's."""
    encoding = np.zeros(128, np.float32)
    encoding[number] = 0.7071
    return encoding


@dataclass
class Scene:
    """Who sits where, by the second; stands in for detector, aligner and encoder."""

    seats: dict[str, list[int | None]]
    flawed: set[int] = field(default_factory=set)
    now: int = 0
    encoded: list[int] = field(default_factory=list)
    encoder_id: str = "stand-in"

    @property
    def detector(self) -> "Scene":
        return self

    def _people(self) -> dict[str, int]:
        return {seat: who[self.now] for seat, who in self.seats.items() if who[self.now] is not None}  # type: ignore[misc]

    def detect(self, _image, *, upsample, threshold=0.0):
        return [Detection(SEATS[seat], 1.0) for seat in self._people()]

    def poses(self, _image, detections):
        poses = []
        for found in detections:
            seat = max(SEATS, key=lambda name: SEATS[name].iou(found.box))
            who = self._people()[seat]
            flaw = Flaw.BLURRED if who in self.flawed else None
            points = np.full((5, 2), who, np.float32)
            poses.append(MeasuredFace(found, points, Quality(0.9, flaw, 80, 1.0, 0.5, 0.0)))
        return poses

    def chips(self, _image, poses):
        return np.array([pose.landmarks[0, 0] for pose in poses], np.uint8)

    def encode(self, chips):
        self.encoded += chips.tolist()
        return np.stack([person(int(who)) for who in chips])


class Matcher:
    """Knows person 1 as the first student and person 2 as the second, for sure."""

    def posterior(self, probes, counts, *, face_px, cautious=True):
        result = np.full((len(probes), 3), 1e-4)
        for row, probe in zip(result, probes, strict=True):
            who = int(probe.argmax())
            row[{1: 0, 2: 1}.get(who, 2)] = 1 - 2e-4
        return result

    def distances(self, probes):
        return np.stack([np.linalg.norm(probes - person(who), axis=1) for who in (1, 2)], axis=1)


def small(scene: Scene) -> Pipeline:
    """A pipeline over two students."""
    gallery = Gallery("stand-in", STUDENTS, np.stack([person(1), person(2)]), np.arange(2))
    rules = Rules(accept=0.99, review=0.5, min_sightings=3, unknown_after=3)
    cadence = Cadence(detect_every=0.5, detect_calm=0.5, encode_every=0.5, verify_every=2.0)
    return Pipeline(scene, GallerySnapshot(gallery, Matcher()), rules, cadence=cadence, scan=Scan())  # type: ignore[arg-type]


def run(scene: Scene, seconds: int, *, step: float = 1.0):
    pipeline = small(scene)
    image = np.random.default_rng(0).integers(0, 255, (180, 320, 3), dtype=np.uint8)
    results = []
    for index in range(int(seconds / step)):
        scene.now = int(index * step)
        results.append(pipeline.process(Frame(index, index * step, image)))
    return pipeline, results


def decisions(results):
    return [(one.decision.kind, one.decision.student_id) for result in results for one in result.conclusions]


def test_both_students_are_marked_once_and_seen_from_then_on():
    _, results = run(Scene({"left": [1] * 8, "right": [2] * 8}), 8)

    assert decisions(results) == [(DecisionKind.MARK, 11), (DecisionKind.MARK, 12)]
    assert set(results[-1].seen) == {11, 12}
    assert {face.state for face in results[-1].faces} == {FaceState.KNOWN}


def test_a_stranger_is_nobody_of_the_roster_and_counted_once():
    pipeline, results = run(Scene({"left": [7] * 8}), 8)

    assert decisions(results) == [(DecisionKind.UNKNOWN, None)]
    assert results[-1].faces[0].state is FaceState.UNKNOWN
    assert len(pipeline.unknown_people()) == 1
    assert pipeline.unknown_people()[0].crop is not None


def test_the_same_stranger_on_two_seats_is_one_unknown_person():
    pipeline, _ = run(Scene({"left": [7] * 6 + [None] * 6, "right": [None] * 6 + [7] * 6}), 12)

    assert len(pipeline.unknown_people()) == 1


def test_a_student_who_takes_anothers_seat_is_marked_too():
    scene = Scene({"left": [1] * 6 + [2] * 8})
    _, results = run(scene, 14)

    assert decisions(results) == [(DecisionKind.MARK, 11), (DecisionKind.MARK, 12)]
    assert results[-1].seen == (12,)
    assert len({face.track_id for result in results for face in result.faces}) == 2


def track_ids(results):
    return {face.track_id for result in results for face in result.faces}


class Resembling(Scene):
    """People who look so much alike that a track would go on from one to the other."""

    def encode(self, chips):
        return super().encode(chips) * 0.55


@pytest.mark.parametrize("step", [pytest.param(0.1, id="a film"), pytest.param(1.0, id="frames far apart")])
def test_another_photo_held_into_the_picture_is_another_person(step):
    scene = Resembling({"left": [1] * 4 + [2] * 4})
    pipeline = small(scene)
    photos = np.random.default_rng(0).integers(0, 255, (2, 180, 320, 3), dtype=np.uint8)

    results = []
    for index in range(round(8 / step)):
        scene.now = int(index * step + 1e-6)
        results.append(pipeline.process(Frame(index, index * step, photos[scene.now // 4])))

    assert decisions(results) == [(DecisionKind.MARK, 11), (DecisionKind.MARK, 12)]
    assert len(track_ids(results)) == 2
    after = results[round(4 / step)]
    assert after.faces, "the new picture is scanned at once"


def test_photos_that_follow_one_another_add_up_for_each_person():
    scene = Resembling({"left": [1] * 4 + [2] * 4})
    pipeline = small(scene)
    photos = np.random.default_rng(0).integers(0, 255, (8, 180, 320, 3), dtype=np.uint8)

    results = []
    for scene.now in range(8):
        results.append(pipeline.process(Frame(scene.now, float(scene.now), photos[scene.now])))

    assert decisions(results) == [(DecisionKind.MARK, 11), (DecisionKind.MARK, 12)]
    assert all(len(result.faces) == 1 for result in results)


def test_a_face_that_does_not_come_again_after_a_cut_is_forgotten():
    scene = Scene({"left": [1] * 2 + [None] * 20})
    pipeline = small(scene)
    photos = np.random.default_rng(0).integers(0, 255, (2, 180, 320, 3), dtype=np.uint8)

    for scene.now in range(20):
        pipeline.process(Frame(scene.now, float(scene.now), photos[scene.now // 2 % 2]))

    assert pipeline._states.evidence == {}


def test_a_student_who_turns_away_and_is_back_beside_is_known_at_once():
    scene = Scene({"left": [1] * 4 + [None] * 6, "beside": [None] * 5 + [1] * 5})
    _, results = run(scene, 10)

    assert decisions(results) == [(DecisionKind.MARK, 11)]
    assert len(track_ids(results)) == 1
    assert results[4].seen == ()
    assert results[5].seen == (11,), "with the first look, without being proved again"


def test_what_was_seen_before_a_student_turned_away_counts():
    scene = Scene({"left": [1] * 2 + [None] * 4, "beside": [None] * 3 + [1] * 3})
    _, results = run(scene, 6)

    assert [index for index, result in enumerate(results) if result.conclusions] == [3], "the third look"


def test_another_person_beside_a_lost_face_is_another_track():
    scene = Scene({"left": [1] * 4 + [None] * 6, "beside": [None] * 4 + [2] * 6})
    _, results = run(scene, 10)

    assert decisions(results) == [(DecisionKind.MARK, 11), (DecisionKind.MARK, 12)]
    assert len(track_ids(results)) == 2


def test_a_student_who_goes_to_another_seat_is_another_track():
    scene = Scene({"left": [1] * 4 + [None] * 8, "right": [None] * 4 + [1] * 8})
    _, results = run(scene, 12)

    assert decisions(results) == [(DecisionKind.MARK, 11)]
    assert len(track_ids(results)) == 2


def test_a_face_beside_one_that_is_still_found_is_another_track():
    """Twins: the encoder can't tell them apart, but both are there."""
    scene = Scene({"left": [1] * 6, "beside": [None] * 2 + [1] * 4})
    _, results = run(scene, 6)

    assert len(results[-1].faces) == 2


def test_a_name_given_by_the_teacher_stays_with_a_face_that_turns_away():
    scene = Scene({"left": [7] * 4 + [None] * 4, "beside": [None] * 5 + [7] * 3})
    pipeline, image = small(scene), np.zeros((180, 320, 3), np.uint8)
    for second in range(8):
        scene.now = second
        result = pipeline.process(Frame(second, float(second), image))
        if second == 3:
            pipeline.name_face(result.faces[0].track_id, 12)

    assert [(face.state, face.student_id) for face in result.faces] == [(FaceState.KNOWN, 12)]


def test_a_face_that_the_teacher_has_named_before_its_first_look_keeps_its_own_track():
    scene = Scene({"left": [1] * 4 + [None] * 4, "beside": [None] * 5 + [1] * 3}, flawed=set())
    pipeline, image = small(scene), np.zeros((180, 320, 3), np.uint8)
    for second in range(8):
        scene.now = second
        scene.flawed = {1} if second == 5 else set()  # too blurred to be encoded
        result = pipeline.process(Frame(second, float(second), image))
        if second == 5:
            pipeline.name_face(result.faces[0].track_id, 12)

    assert [(face.state, face.student_id) for face in result.faces] == [(FaceState.KNOWN, 12)]


def test_a_face_too_poor_to_recognise_is_not_encoded_and_says_why():
    scene = Scene({"left": [1] * 4}, flawed={1})
    _, results = run(scene, 4)

    assert scene.encoded == []
    assert results[-1].faces[0].flaw is Flaw.BLURRED
    assert results[-1].faces[0].state is FaceState.PENDING


def test_a_settled_face_is_encoded_far_less_often_than_there_are_frames():
    scene = Scene({"left": [1] * 20})
    run(scene, 20, step=0.25)

    assert 3 + 7 <= len(scene.encoded) <= 3 + 10


def test_a_face_gone_from_the_picture_is_no_longer_seen():
    _, results = run(Scene({"left": [1] * 5 + [None] * 5}), 10)

    assert results[4].seen == (11,)
    assert results[-1].seen == ()


@pytest.mark.parametrize("limit", [1, 2])
def test_no_more_faces_are_encoded_in_a_frame_than_allowed(limit):
    scene = Scene({"left": [1], "right": [2]})
    gallery = Gallery("stand-in", STUDENTS, np.stack([person(1), person(2)]), np.arange(2))
    rules = Rules(accept=0.99, review=0.5)
    pipeline = Pipeline(
        scene, GallerySnapshot(gallery, Matcher()), rules, cadence=Cadence(encodings_per_frame=limit), scan=Scan()
    )  # type: ignore[arg-type]

    pipeline.process(Frame(0, 0.0, np.zeros((180, 320, 3), np.uint8)))

    assert len(scene.encoded) == limit


def budgeted(pace: Cadence) -> tuple[Scene, Pipeline]:
    gallery = Gallery("stand-in", STUDENTS, np.stack([person(1), person(2)]), np.arange(2))
    scene = Scene({"left": [1], "right": [2]})
    rules = Rules(accept=0.99, review=0.5, min_sightings=3)
    return scene, Pipeline(scene, GallerySnapshot(gallery, Matcher()), rules, cadence=pace, scan=Scan())  # type: ignore[arg-type]


def encoded_each(scene: Scene, pipeline: Pipeline, seconds: Sequence[float]) -> list[int]:
    """How many faces were encoded in the frames at ``seconds``."""
    counts = []
    for index, at in enumerate(seconds):
        before = len(scene.encoded)
        pipeline.process(Frame(index, at, np.random.default_rng(0).integers(0, 255, (180, 320, 3), dtype=np.uint8)))
        counts.append(len(scene.encoded) - before)
    return counts


def test_frames_that_come_rarely_have_more_faces_encoded():
    pace = Cadence(encode_every=0.0, encodings_per_frame=1, encodings_per_second=2, encodings_at_most=5)

    assert encoded_each(*budgeted(pace), [0.0, 0.1, 0.2, 0.3]) == [1, 1, 1, 1]
    assert encoded_each(*budgeted(pace), [0.0, 1.0, 2.0, 2.4]) == [1, 2, 2, 1]


def test_faces_that_are_settled_have_no_part_in_what_rare_frames_allow():
    pace = Cadence(
        encode_every=0.0, verify_every=1.0, encodings_per_frame=1, encodings_per_second=2, encodings_at_most=5
    )
    scene, pipeline = budgeted(pace)

    assert encoded_each(scene, pipeline, range(8)) == [1, 2, 2, 1, 1, 1, 1, 1]
    assert pipeline._states.roll_call.student_of(1) is not None


class TwinMatcher(Matcher):
    """Can't tell the first student from the second."""

    def posterior(self, probes, counts, *, face_px, cautious=True):
        result = np.full((len(probes), 3), 0.49)
        result[:, 1] = 0.485
        result[:, -1] = 0.025
        return result


ALIKE = {11: frozenset({12}), 12: frozenset({11})}


def twins(seats, *, alike=ALIKE):
    gallery = Gallery("stand-in", STUDENTS, np.stack([person(1), person(2)]), np.arange(2))
    rules = Rules(accept=0.95, review=0.5, min_sightings=3, unknown_after=3)
    pace = Cadence(detect_every=0.5, detect_calm=0.5, encode_every=0.5, verify_every=2.0)
    scene = Scene(seats)
    return scene, Pipeline(scene, GallerySnapshot(gallery, TwinMatcher(), alike), rules, cadence=pace, scan=Scan())  # type: ignore[arg-type]


def play(scene, pipeline, seconds):
    image = np.random.default_rng(0).integers(0, 255, (180, 320, 3), dtype=np.uint8)
    results = []
    for index in seconds:
        scene.now = index
        results.append(pipeline.process(Frame(index, float(index), image)))
    return results


def test_look_alikes_of_whom_neither_is_likely_enough_are_brought_up_as_a_choice():
    scene, pipeline = twins({"left": [1] * 8})
    (conclusion,) = [one for result in play(scene, pipeline, range(8)) for one in result.conclusions]

    decision = conclusion.decision
    assert (decision.kind, decision.student_id) == (DecisionKind.REVIEW, 11)
    assert conclusion.alternatives == Alternatives(AlternativesKind.LOOK_ALIKES, 11, 12)


def test_without_look_alikes_on_record_such_a_face_is_nobodys():
    scene, pipeline = twins({"left": [1] * 8}, alike={})

    assert decisions(play(scene, pipeline, range(8))) == []


def test_once_the_teacher_has_named_one_twin_the_other_is_marked_and_the_first_asked_about_no_more():
    scene, pipeline = twins({"left": [1] * 30, "right": [2] * 30})
    first = play(scene, pipeline, range(6))
    left = next(face for face in first[-1].faces if face.box.left < 100)
    pipeline.name_face(left.track_id, 11)
    results = play(scene, pipeline, range(6, 30))

    assert decisions(results) == [(DecisionKind.MARK, 12)]
    assert {(face.state, face.student_id) for face in results[-1].faces} == {
        (FaceState.KNOWN, 11),
        (FaceState.KNOWN, 12),
    }


def test_a_stranger_whom_the_teacher_has_named_is_no_unknown_person_until_it_is_taken_back():
    scene = Scene({"left": [7] * 8})
    pipeline, results = run(scene, 8)
    track = results[-1].faces[0].track_id

    pipeline.name_face(track, 11)
    assert pipeline.unknown_people() == ()
    pipeline.name_face(track, None, before=11)
    assert len(pipeline.unknown_people()) == 1


def test_a_stranger_becomes_known_when_the_gallery_has_their_face():
    scene = Scene({"left": [7] * 40})
    pipeline, results = run(scene, 8)
    assert results[-1].faces[0].state is FaceState.UNKNOWN
    look = pipeline.unknown_people()[0].look
    assert look is not None
    students = (*STUDENTS, Student(13, "S03", "Student 03"))
    encodings = np.stack([person(1), person(2), look.encoding])

    class Wider(Matcher):
        def posterior(self, probes, counts, *, face_px, cautious=True):
            result = np.full((len(probes), 4), 1e-4)
            result[np.arange(len(probes)), [2 if probe.argmax() == 7 else 3 for probe in probes]] = 1 - 3e-4
            return result

        def distances(self, probes):
            return np.linalg.norm(probes[:, np.newaxis] - encodings, axis=2)

    pipeline.compare_with(GallerySnapshot(Gallery("stand-in", students, encodings, np.arange(3)), Wider()))
    later = play(scene, pipeline, range(8, 40))

    assert decisions(later) == [(DecisionKind.MARK, 13)]
    assert later[-1].faces[0].state is FaceState.KNOWN


@dataclass
class Masks:
    """Stands in for the mask network: everybody wears their mask in one way."""

    state: MaskState

    def classify(self, _image, boxes, _landmarks=None):
        return [MaskOpinion(self.state, (0.0, 0.0, 0.0)) for _ in boxes]

    def average(self, opinions):
        return opinions[-1]


class MaskMatcher(Matcher):
    """Is less sure of masked faces; ``asked`` counts them."""

    def __init__(self, probability):
        self.probability, self.asked = probability, 0

    def masked_posterior(self, probes, *, face_px):
        self.asked += len(probes)
        result = np.full((len(probes), 3), (1 - self.probability) / 2)
        result[:, 0] = self.probability
        return result


def masked(state, probability, seconds=12, network=None):
    gallery = Gallery("stand-in", STUDENTS, np.stack([person(1), person(2)]), np.arange(2))
    rules = Rules(accept=0.95, review=0.5, min_sightings=3, unknown_after=3, masked=Proof(0.99, 5))
    pace = Cadence(detect_every=0.5, detect_calm=0.5, encode_every=0.5, verify_every=2.0)
    in_house = InHouseNetworks(
        Masks(state), network, network, ClassifierChoice.CNN if network else ClassifierChoice.ENCODINGS
    )
    scene, matcher = Scene({"left": [1] * seconds}), MaskMatcher(probability)
    pipeline = Pipeline(scene, GallerySnapshot(gallery, matcher), rules, cadence=pace, scan=Scan(), in_house=in_house)  # type: ignore[arg-type]
    return matcher, play(scene, pipeline, range(seconds))


@pytest.mark.parametrize(
    ("probability", "expected"),
    [
        pytest.param(0.995, DecisionKind.MARK, id="surer than the masks' own threshold"),
        pytest.param(0.97, DecisionKind.REVIEW, id="sure enough for a bare face only"),
    ],
)
def test_a_masked_face_is_matched_by_its_own_rule(probability, expected):
    matcher, results = masked(MaskState.WITH_MASK, probability)

    assert decisions(results)[-1] == (expected, 11)
    assert matcher.asked
    (last,) = [one for result in results for one in result.conclusions if one.decision.kind is expected][-1:]
    assert last.decision.sightings >= 5


@pytest.mark.parametrize("state", [MaskState.WITHOUT_MASK, MaskState.WORN_INCORRECTLY, MaskState.UNSURE])
def test_any_other_face_is_matched_as_ever(state):
    matcher, results = masked(state, 0.6)

    assert decisions(results) == [(DecisionKind.MARK, 11)]
    assert matcher.asked == 0


def test_under_a_mask_the_identity_network_has_no_say():
    _, results = masked(MaskState.WITH_MASK, 0.97, network=Network({1: (0, 0.999)}))

    assert decisions(results)[-1] == (DecisionKind.REVIEW, 11)


@dataclass
class Network:
    """Stands in for the in-house network: an embedding is the person's number, its answer is written down."""

    answers: dict[int, tuple[int, float]]
    student_ids: tuple[int, ...] = (11, 12)

    def embed(self, chips):
        return chips.astype(np.float32).reshape(-1, 1)

    def posterior(self, embeddings, counts):
        result = np.zeros((len(embeddings), len(self.student_ids) + 1))
        for row, embedding in zip(result, embeddings, strict=True):
            column, probability = self.answers.get(int(embedding[0]), (len(self.student_ids), 0.98))
            row[:] = (1 - probability) / len(self.student_ids)
            row[column] = probability
        return result


def with_network(scene: Scene, network: Network, classifier: ClassifierChoice = ClassifierChoice.BOTH):
    gallery = Gallery("stand-in", STUDENTS, np.stack([person(1), person(2)]), np.arange(2))
    rules = Rules(accept=0.95, review=0.5, min_sightings=3, unknown_after=3)
    pace = Cadence(detect_every=0.5, detect_calm=0.5, encode_every=0.5, verify_every=2.0)
    in_house = InHouseNetworks(embedder=network, head=network, classifier=classifier)
    pipeline = Pipeline(scene, GallerySnapshot(gallery, Matcher()), rules, cadence=pace, scan=Scan(), in_house=in_house)  # type: ignore[arg-type]
    return pipeline, play(scene, pipeline, range(8))


def test_opinions_that_differ_go_to_the_teacher_with_both_students():
    _, results = with_network(Scene({"left": [1] * 8}), Network({1: (1, 0.98)}))

    (conclusion,) = [one for result in results for one in result.conclusions]
    assert conclusion.decision.kind is DecisionKind.REVIEW
    assert conclusion.alternatives == Alternatives(AlternativesKind.OPINIONS, 11, 12)


@pytest.mark.parametrize("classifier", [ClassifierChoice.BOTH, ClassifierChoice.CNN])
def test_a_student_whom_the_network_has_not_learnt_is_left_to_the_photos(classifier):
    _, results = with_network(Scene({"left": [1] * 8}), Network({}, student_ids=(12,)), classifier)

    assert decisions(results) == [(DecisionKind.MARK, 11)]


def test_a_scan_beside_the_frames_holds_none_of_them_up_and_its_faces_come_later():
    scene = Scene({"left": [1] * 40})
    release = threading.Event()
    found = scene.detect
    scene.detect = lambda image, **how: release.wait(10) and found(image, **how)  # type: ignore[method-assign, assignment]
    pipeline = small(scene)
    pipeline.begin_source(beside=True)
    image = np.random.default_rng(0).integers(0, 255, (180, 320, 3), dtype=np.uint8)
    waiting = [pipeline.process(Frame(index, index * 0.1, image)) for index in range(5)]
    release.set()
    results = [pipeline.process(Frame(index, index * 0.1, image)) for index in range(5, 40) if not time.sleep(0.01)]
    pipeline.close()

    assert [result.faces for result in waiting] == [()] * 5
    assert len({face.track_id for result in results for face in result.faces}) == 1
    assert (DecisionKind.MARK, 11) in decisions(results)


def test_another_source_begins_with_new_tracks_and_keeps_what_was_decided():
    scene = Scene({"left": [1] * 20})
    pipeline = small(scene)
    image = np.random.default_rng(0).integers(0, 255, (180, 320, 3), dtype=np.uint8)
    first = [pipeline.process(Frame(index, float(index), image)) for index in range(5)]
    pipeline.begin_source(beside=False)
    second = [pipeline.process(Frame(index, float(index), image)) for index in range(5, 10)]

    assert decisions(first) == [(DecisionKind.MARK, 11)]
    assert decisions(second) == []
    assert not {f.track_id for r in first for f in r.faces} & {f.track_id for r in second for f in r.faces}


# -- several sources


class TwoRooms(Scene):
    """What two cameras see, and a photograph: ``seats`` is what the source sees whose frame is processed."""

    any_size = True

    def read(self, image, detections):
        poses = self.poses(image, detections)
        chips = self.chips(image, poses)
        return [
            ReadFace(pose, chip, encoding, encoding)
            for pose, chip, encoding in zip(poses, chips, self.encode(chips), strict=True)
        ]


def beside(first: dict[str, list[int | None]], second: dict[str, list[int | None]], seconds: int):
    """Frames of two sources in turn."""
    scene = TwoRooms(first)
    pipeline = small(scene)
    pipeline.begin_source(beside=False)
    pipeline.begin_source(beside=False, source=1)
    image = np.zeros((180, 320, 3), np.uint8)
    results: tuple[list[FrameResult], list[FrameResult]] = ([], [])
    for second_of_day in range(seconds):
        for number, seats in enumerate((first, second)):
            scene.now, scene.seats = second_of_day, seats
            frame = Frame(second_of_day, float(second_of_day), image, source=f"Camera {number}")
            results[number].append(pipeline.process(frame, source=number))
    return pipeline, results


def test_a_student_whom_two_cameras_see_is_marked_once_by_the_one_that_is_sure_first():
    _, (first, second) = beside({"left": [1] * 8}, {"right": [None] * 2 + [1] * 6}, 8)
    assert decisions(first) == [(DecisionKind.MARK, 11)]
    assert decisions(second) == []
    (mark,) = [one for result in first for one in result.conclusions]
    assert mark.place is not None
    assert (mark.place.source, mark.place.box) == ("Camera 0", SEATS["left"])
    assert second[-1].seen == (11,), "the second camera knows them as well"


def test_each_camera_marks_whom_it_sees_and_says_so():
    _, results = beside({"left": [1] * 5}, {"left": [2] * 5}, 5)
    assert [decisions(one) for one in results] == [[(DecisionKind.MARK, 11)], [(DecisionKind.MARK, 12)]]
    places = [one.place.source for each in results for result in each for one in result.conclusions]
    assert places == ["Camera 0", "Camera 1"]
    assert not track_ids(results[0]) & track_ids(results[1]), "a face of one camera is no face of the other"


def test_an_unknown_person_whom_two_cameras_see_is_counted_once():
    pipeline, results = beside({"left": [7] * 6}, {"right": [7] * 6}, 6)
    assert [decisions(one) for one in results] == [[(DecisionKind.UNKNOWN, None)]] * 2
    (one,) = pipeline.unknown_people()
    assert len(one.tracks) == 2


def test_who_was_unknown_to_one_camera_and_is_proved_by_the_other_is_unknown_no_longer():
    scene = {"left": [7] * 6}
    pipeline, results = beside(scene, {"right": [7] * 6}, 6)
    track = results[1][-1].faces[0].track_id
    pipeline.name_face(track, 12)
    assert pipeline.unknown_people() == ()


def test_photographs_beside_a_camera_have_their_own_rules_and_the_same_register():
    camera, photograph = {"left": [1] * 8}, {"left": [7] * 8, "right": [2] * 8}
    scene = TwoRooms(camera)
    pipeline, image = small(scene), np.zeros((180, 320, 3), np.uint8)
    pipeline.begin_source(beside=False)
    seen = [pipeline.process(Frame(0, 0.0, image))]
    pipeline.begin_source(beside=False, photographs=True, source=1)
    scene.seats = photograph
    shown = pipeline.process(Frame(0, 0.0, image, "corner.jpg"), source=1)
    pipeline.end_source(1)
    scene.seats = camera
    seen += [pipeline.process(Frame(second, float(second), image)) for second in range(1, 4)]
    assert sorted(decisions([shown]), key=str) == [(DecisionKind.MARK, 12), (DecisionKind.UNKNOWN, None)]
    assert [one.place.source for one in shown.conclusions if one.place] == ["corner.jpg"] * 2
    assert [len(result.conclusions) for result in seen] == [0, 0, 1, 0], "three looks, as without photographs"
    assert decisions(seen) == [(DecisionKind.MARK, 11)]
    assert len(pipeline.unknown_people()) == 1


def test_an_unknown_face_of_a_photograph_must_be_nearer_to_be_the_same_person():
    # 0.5 apart: one person where tracks were followed, two where one is a face of a photograph.
    near = np.zeros(128, np.float32)
    near[0] = 0.5
    far = np.zeros(128, np.float32)
    assert merge_unknown([near, far], same_below=[0.6, 0.6]) == [0, 0]
    assert merge_unknown([near, far], same_below=[0.6, 0.4]) == [0, 1]


def test_the_roster_that_is_read_again_counts_for_all_sources():
    pipeline, _ = beside({"left": [1] * 2}, {"left": [1] * 2}, 1)
    gallery = Gallery("stand-in", (), np.empty((0, 128), np.float32), np.empty(0, np.intp))
    other = GallerySnapshot(gallery, Matcher())
    pipeline.compare_with(other)
    assert [lane.states.roster for lane in pipeline._lanes.values()] == [other] * 2


def test_two_cameras_share_the_time_of_one():
    pipeline = small(TwoRooms({"left": [1]}))
    pace = pipeline._cadence

    def paces():
        return [lane._find.cadence for lane in pipeline._lanes.values()]

    pipeline.begin_source(beside=True)
    assert paces() == [pace]
    pipeline.begin_source(beside=True, source=1)
    assert paces() == [pace.shared_by(2)] * 2
    assert pace.shared_by(2).detect_every == 2 * pace.detect_every
    pipeline.begin_source(beside=False, photographs=True, source=2)
    assert paces() == [pace.shared_by(2)] * 3, "photographs are read once"
    pipeline.end_source(1)
    assert paces() == [pace] * 3
    pipeline.close()


def test_two_sources_are_not_scanned_at_the_same_time():
    scanning, most, lock = [0], [0], threading.Lock()

    class Slow:
        any_size = True

        def detect(self, _image, *, upsample, threshold):
            with lock:
                scanning[0] += 1
                most[0] = max(most[0], scanning[0])
            time.sleep(0.02)
            with lock:
                scanning[0] -= 1
            return []

    shared = OneScanAtATime(Slow())
    assert shared.any_size
    threads = [threading.Thread(target=shared.detect, args=(np.zeros((4, 4, 3), np.uint8),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]
