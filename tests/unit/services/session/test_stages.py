"""Each stage of a frame by itself, over scripted tracks."""

import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from attendance_app.domain.faces import Box, Detection, Flaw, FloatBox, Frame, Quality
from attendance_app.domain.fusion import ClassifierChoice, fuse
from attendance_app.domain.masks import MaskOpinion, MaskState
from attendance_app.domain.people import Gallery, Student
from attendance_app.domain.roll_call import DecisionKind, Proof, Rules, Sighting
from attendance_app.domain.sessions import FacePlace
from attendance_app.services.face_reader import MeasuredFace, ReadFace
from attendance_app.services.session.cadence import Cadence, Scan
from attendance_app.services.session.doubts import Alternatives, AlternativesKind, TopMatch
from attendance_app.services.session.evidence import FaceLook, InHouseNetworks, NetworkOpinions, TrackEvidence
from attendance_app.services.session.frame_result import FaceState, FaceView, UnknownPerson
from attendance_app.services.session.pipeline import Pipeline
from attendance_app.services.session.stages.decide import Decide
from attendance_app.services.session.stages.face_looks import keep_best_look, read_masks
from attendance_app.services.session.stages.find import FindFaces
from attendance_app.services.session.stages.frame_work import FoundFaces, FrameState, TrackMatch
from attendance_app.services.session.stages.match import MatchFaces
from attendance_app.services.session.stages.photograph import ReadPhotograph
from attendance_app.services.session.stages.read import ReadFaces
from attendance_app.services.session.stages.track import TrackFaces
from attendance_app.services.session.stages.track_states import (
    FOLLOWED,
    GIVEN_UP_AFTER,
    PHOTOGRAPHED,
    GallerySnapshot,
    TrackStates,
)
from attendance_app.services.session.stages.unknown_people import LOOK_SECONDS, UnknownPeople, unknown_people

STUDENTS = tuple(Student(number, f"S{number}", f"Student {number}") for number in (11, 12, 13))
RULES = Rules(accept=0.95, review=0.5, min_sightings=2, unknown_after=2, masked=Proof(0.99, 3))
IMAGE = np.random.default_rng(0).integers(0, 255, (120, 320, 3), dtype=np.uint8)


def point(place: int, length: float = 1.0) -> np.ndarray:
    """An encoding that lies ``length`` away from zero in a direction of its own."""
    encoding = np.zeros(128, np.float32)
    encoding[place] = length
    return encoding


def quality(score: float = 0.5, flaw: Flaw | None = None) -> Quality:
    return Quality(score, flaw, 80, 1.0, 0.5, 0.0)


def box(place: int) -> Box:
    return Box(10 + 60 * place, 20, 50 + 60 * place, 60)


def measured(place: int, score: float = 0.5, flaw: Flaw | None = None) -> MeasuredFace:
    return MeasuredFace(Detection(box(place), 1.0), np.full((5, 2), place, np.float32), quality(score, flaw))


class Matcher:
    """Has its answers written down, one row a face; keeps what it was asked."""

    def __init__(self, *rows: Sequence[float], masked: Sequence[Sequence[float]] = ()) -> None:
        self.rows, self.masked = np.array(rows), np.array(masked)
        self.counts: list[list[int]] = []
        self.probes: list[np.ndarray] = []
        self.cautious: list[bool] = []

    def posterior(self, probes, counts, *, face_px, cautious=True):
        self.probes.append(probes)
        self.cautious.append(cautious)
        self.counts.append(counts.tolist())
        return self.rows[: len(probes)].copy()

    def masked_posterior(self, probes, *, face_px):
        self.probes.append(probes)
        return self.masked[: len(probes)]

    def distances(self, probes):
        return np.linalg.norm(probes[:, np.newaxis] - np.stack([point(place) for place in (1, 2, 3)]), axis=2)


def roster(matcher: Matcher, *, alike=None, students: tuple[Student, ...] = STUDENTS) -> GallerySnapshot:
    gallery = Gallery("stand-in", students, np.stack([point(place) for place in (1, 2, 3)]), np.arange(3))
    return GallerySnapshot(gallery, matcher, alike)


def states_with(*rows: Sequence[float], rules: Rules = RULES, **more) -> TrackStates:
    return TrackStates(rules, roster(Matcher(*rows, masked=more.pop("masked", ())), **more))


def face(states: TrackStates, place: int, encoding: np.ndarray | None = None, **more) -> TrackEvidence:
    """A track with one look, and its evidence."""
    track = states.tracker.start(FloatBox.of(box(place)), 1.0, 0.0)
    evidence = states.evidence[track.id] = TrackEvidence(**more)
    if encoding is not None:
        evidence.add(encoding, None, face_px=80)
    return evidence


def work(seconds: float = 0.0, *fresh, photograph: str | None = None) -> FrameState:
    return FrameState(Frame(0, seconds, IMAGE, photograph), fresh=list(fresh))


# -- find


class Detector:
    """Finds one face; keeps how it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[object, float, float]] = []

    def detect(self, image, *, upsample, threshold):
        self.asked.append((image, upsample, threshold))
        return [Detection(box(0), 0.5)]


def scans_at(find: FindFaces, until: float) -> list[float]:
    """The seconds at which frames of a tenth of a second are scanned."""
    frames = [work(tenths / 10) for tenths in range(round(until * 10) + 1)]
    for frame in frames:
        find.run(frame)
    return [frame.frame.seconds for frame in frames if frame.found is not None]


CALM = Cadence(detect_every=0.35, calm_after=1.0, detect_calm=0.95)


def test_a_class_that_sits_still_is_scanned_ever_more_seldom():
    find = FindFaces(Detector(), CALM, Scan(), busy=lambda: False)
    assert scans_at(find, 7.0) == pytest.approx([0.0, 0.4, 0.8, 1.2, 1.7, 2.3, 3.0, 3.9, 4.9, 5.9, 6.9])


def test_somebody_new_brings_the_scans_back_to_their_shortest_interval():
    new: list[bool] = []
    find = FindFaces(Detector(), CALM, Scan(), busy=lambda: bool(new))
    scans_at(find, 5.9)
    new.append(True)
    later = [work(6.0 + tenths / 10) for tenths in range(12)]
    for frame in later:
        find.run(frame)
    assert [frame.frame.seconds for frame in later if frame.found] == pytest.approx([6.3, 6.7, 7.1])


def test_a_class_that_was_busy_a_moment_ago_is_scanned_as_often_as_a_busy_one():
    moments = iter([True] * 6 + [False] * 99)
    find = FindFaces(Detector(), CALM, Scan(), busy=lambda: next(moments))
    assert np.diff(scans_at(find, 3.2)) == pytest.approx(0.4)


def test_another_source_is_scanned_at_once():
    find = FindFaces(Detector(), CALM, Scan(), busy=lambda: False)
    scans_at(find, 6.0)
    find.scan_beside(False)
    frames = [work(6.1), work(6.5)]
    for frame in frames:
        find.run(frame)
    assert all(frame.found for frame in frames)


def test_a_face_is_new_until_it_is_settled_or_given_up():
    states = states_with()
    assert not states.anybody_new()
    track = states.tracker.start(FloatBox.of(box(0)), 1.0, 0.0)
    assert states.anybody_new()
    track.hits = GIVEN_UP_AFTER - 1
    assert states.anybody_new()
    track.hits = GIVEN_UP_AFTER
    assert not states.anybody_new()
    track.hits = 1
    states.roll_call._unknown.add(track.id)
    assert not states.anybody_new()


def test_a_scan_is_made_at_once_and_then_at_its_interval():
    detector = Detector()
    find = FindFaces(detector, Cadence(detect_every=0.5), Scan(upsample=1.5, threshold=-0.2), busy=lambda: True)
    found = {}
    for seconds in (0.0, 0.25, 0.5, 0.99, 1.0):
        frame = work(seconds)
        find.run(frame)
        found[seconds] = frame.found
        assert not frame.scan_begun
    assert found == {
        0.25: None,
        0.99: None,
        **{seconds: FoundFaces([Detection(box(0), 0.5)], seconds, late=False) for seconds in (0.0, 0.5, 1.0)},
    }
    assert found[0.0].late is False
    assert detector.asked[0][0] is IMAGE
    assert {how[1:] for how in detector.asked} == {(1.5, -0.2)}


def test_a_scan_beside_comes_with_a_later_frame_and_has_its_own_time():
    find = FindFaces(Detector(), Cadence(detect_every=0.5), Scan(), busy=lambda: True)
    find.scan_beside(True)
    first = work(1.0)
    find.run(first)
    assert (first.found, first.scan_begun) == (None, True)
    assert find._pending is not None
    find._pending[0].result(10)
    later = work(1.25)
    find.run(later)
    assert later.found == FoundFaces([Detection(box(0), 0.5)], 1.0, late=True)
    assert (later.found.late, later.scan_begun) == (True, False)
    again = work(1.5)
    find.run(again)
    assert again.scan_begun
    find.close()
    assert (find._beside, find._pending) == (None, None)


def test_a_cut_is_scanned_at_once_and_a_scan_of_the_picture_before_is_forgotten():
    find = FindFaces(Detector(), Cadence(detect_every=0.5), Scan(), busy=lambda: True)
    find.scan_beside(True)
    find.run(work(1.0))
    before = find._pending
    assert before is not None
    before[0].result(10)
    cut = work(1.1)
    cut.cut = True
    find.run(cut)
    assert (cut.found, cut.scan_begun) == (None, True)
    assert find._pending is not None
    assert find._pending[1] == 1.1
    find.close()


def test_a_scan_is_made_in_the_frame_again_once_none_is_wanted_beside():
    find = FindFaces(Detector(), Cadence(detect_every=0.5), Scan(), busy=lambda: True)
    find.scan_beside(True)
    find.scan_beside(False)
    frame = work(1.0)
    find.run(frame)
    assert frame.found == FoundFaces([Detection(box(0), 0.5)], 1.0, late=False)
    find.close()


# -- track


def test_tracks_begin_with_a_scan_and_end_with_their_evidence():
    states = states_with()
    stage = TrackFaces(states)
    frame = work(0.0)
    frame.found = FoundFaces([Detection(box(0), 0.5)], 0.0, late=False)
    stage.run(frame)
    (track,) = states.tracker.tracks
    assert (track.box, track.confidence, track.last_seconds) == (box(0), 0.5, 0.0)
    states.evidence[track.id] = TrackEvidence()
    stage.run(work(0.1))
    assert states.tracker.tracks == [track]
    for scan in range(1, 5):
        frame = work(float(scan))
        frame.found = FoundFaces([], float(scan), late=False)
        stage.run(frame)
    assert (states.tracker.tracks, states.evidence) == ([], {})


def test_a_late_scan_is_joined_to_where_the_faces_were_and_other_faces_are_left_alone():
    states = states_with()
    stage = TrackFaces(states)
    before = states.tracker.start(FloatBox.of(box(0)), 1.0, 0.0)
    begun = work(0.0)
    begun.scan_begun = True
    stage.run(begun)
    since = states.tracker.start(FloatBox.of(box(3)), 1.0, 0.1)
    late = work(0.2)
    late.found = FoundFaces([Detection(box(0), 0.7)], 0.0, late=True)
    stage.run(late)
    assert (before.hits, before.last_seconds, since.missed) == (2, 0.0, 0)
    prompt = work(0.3)
    prompt.found = FoundFaces([Detection(box(0), 0.7)], 0.3, late=False)
    stage.run(prompt)
    assert (before.hits, since.missed) == (3, 1)


# -- read


class Reader:
    """Stands for detector, aligner and encoder: the box says who it is, a table what is wrong with them."""

    encoder_id = "stand-in"
    any_size = True

    def __init__(self, people: dict[int, np.ndarray], flaws: dict[int, Flaw] | None = None) -> None:
        self.people, self.flaws = people, flaws or {}
        self.read_places: list[int] = []
        self.score = 0.5

    @property
    def detector(self) -> "Reader":
        return self

    def detect(self, _image, *, upsample, threshold=0.0):
        return [Detection(box(place), 0.1 * (place + 1)) for place in self.people]

    def poses(self, image, detections):
        assert image is IMAGE
        places = [(found.box.left - 10) // 60 for found in detections]
        return [
            replace(measured(place, self.score, self.flaws.get(place)), detection=found)
            for place, found in zip(places, detections, strict=True)
        ]

    def chips(self, image, poses):
        assert image is IMAGE
        return np.array([pose.landmarks[0, 0] for pose in poses], np.uint8)

    def encode(self, chips):
        self.read_places += chips.tolist()
        return np.stack([self.people[int(place)] for place in chips])

    def read(self, image, detections):
        return [
            ReadFace(pose, np.full((2, 2, 3), chip, np.uint8), encoding, encoding)
            for pose in self.poses(image, detections)
            for chip in self.chips(image, [pose])
            for encoding in self.encode(np.array([chip]))
        ]


class Embedder:
    def __init__(self) -> None:
        self.chips: list[np.ndarray] = []

    def embed(self, chips):
        self.chips.append(chips)
        return np.arange(1, len(chips) + 1, dtype=np.float32)[:, np.newaxis] * 100


class Masks:
    """Says one thing of all faces; keeps how it was asked."""

    def __init__(self, state: MaskState = MaskState.WITH_MASK) -> None:
        self.state = state
        self.asked: list[tuple[object, list[Box], list[float]]] = []
        self.averaged: list[int] = []

    def classify(self, image, boxes, landmarks=None):
        self.asked.append((image, boxes, landmarks[:, 0, 0].tolist()))
        return [MaskOpinion(self.state, (1.0, 0.0, 0.0)) for _ in boxes]

    def average(self, opinions):
        self.averaged.append(len(opinions))
        return opinions[-1]


def reading(reader: Reader, cadence: Cadence | None = None, **networks) -> tuple[TrackStates, ReadFaces]:
    states = states_with()
    for place in reader.people:
        states.tracker.start(FloatBox.of(box(place)), 0.1 * (place + 1), 0.0)
    pace = cadence or Cadence(encode_every=0.5, verify_every=2.0, encodings_per_frame=6)
    return states, ReadFaces(states, reader, InHouseNetworks(**networks), pace)


def run_at(stage, seconds: float) -> FrameState:
    frame = work(seconds)
    stage.run(frame)
    return frame


def test_a_face_is_read_at_once_and_its_evidence_has_all_of_it():
    reader, embedder, masks = Reader({0: point(1), 2: point(2)}), Embedder(), Masks()
    states, stage = reading(reader, embedder=embedder, mask=masks)
    fresh = run_at(stage, 1.5).fresh
    assert fresh == states.tracker.tracks
    first, second = (states.evidence[track.id] for track in fresh)
    assert (first.count, second.count, first.last_encoded, first.flaw) == (1, 1, 1.5, None)
    assert (first.mean.tolist(), second.mean.tolist()) == (point(1).tolist(), point(2).tolist())
    assert (first.mean_embedding.tolist(), second.mean_embedding.tolist()) == ([100.0], [200.0])
    assert embedder.chips[0].tolist() == [0, 2]
    assert masks.asked == [(IMAGE, [box(0), box(2)], [0.0, 2.0])]
    assert {first.opinions.mask, second.opinions.mask} == {MaskState.WITH_MASK}
    assert first.best is not None
    assert (first.best.encoder_id, first.best.quality.score) == ("stand-in", 0.5)
    assert first.best.encoding.tolist() == point(1).tolist()
    assert first.embedding_total is not None


def test_without_networks_there_is_no_embedding_and_no_mask():
    states, stage = reading(Reader({0: point(1)}))
    (track,) = run_at(stage, 0.0).fresh
    evidence = states.evidence[track.id]
    assert (evidence.embedding_total, evidence.opinions) == (None, NetworkOpinions())


def test_a_poor_face_is_not_encoded_but_looked_at_again_after_the_interval():
    reader = Reader({0: point(1), 1: point(2)}, {0: Flaw.BLURRED})
    states, stage = reading(reader)
    frame = run_at(stage, 1.0)
    assert [track.id for track in frame.fresh] == [2]
    assert (states.evidence[1].flaw, states.evidence[1].last_encoded, states.evidence[1].count) == (
        Flaw.BLURRED,
        1.0,
        0,
    )
    reader.flaws.clear()
    assert run_at(stage, 1.49).fresh == []
    assert len(run_at(stage, 1.5).fresh) == 2
    assert states.evidence[1].flaw is None


def test_a_face_that_was_missed_by_the_last_scan_is_not_read():
    states, stage = reading(Reader({0: point(1), 1: point(2)}))
    states.tracker.tracks[0].missed = 1
    assert [track.id for track in run_at(stage, 0.0).fresh] == [2]


def test_a_face_that_stays_unclear_is_read_less_and_less_often():
    _, stage = reading(Reader({0: point(1)}))
    at = [seconds / 8 for seconds in range(160) if run_at(stage, seconds / 8).fresh]
    waits = [later - before for before, later in itertools.pairwise(at)]
    assert waits[:4] == [0.5] * 4
    assert waits[4:] == sorted(waits[4:])
    assert waits[4] == 0.625
    assert waits[-1] == 2.0


@pytest.mark.parametrize("settled", ["recognised", "unknown"])
def test_a_settled_face_is_read_again_after_its_own_interval(settled):
    states, stage = reading(Reader({0: point(1)}))
    run_at(stage, 0.0)
    who = 11 if settled == "recognised" else None
    for _ in range(2):
        states.roll_call.observe(Sighting(1, who, 0.99, 0.1, 0.0))
    assert run_at(stage, 1.99).fresh == []
    assert len(run_at(stage, 2.0).fresh) == 1


def test_those_read_least_and_longest_ago_come_first():
    reader = Reader({place: point(place) for place in range(4)})
    _, stage = reading(reader, Cadence(encode_every=0.0, encodings_per_frame=2, encodings_per_second=0))
    for seconds in range(4):
        run_at(stage, float(seconds))
    assert reader.read_places == [0, 1, 2, 3, 0, 1, 2, 3]


def test_rare_frames_allow_more_but_for_unsettled_faces_only():
    reader = Reader({place: point(place) for place in range(4)})
    pace = Cadence(
        encode_every=0.0, verify_every=0.0, encodings_per_frame=1, encodings_per_second=2, encodings_at_most=3
    )
    states, stage = reading(reader, pace)
    counts = [len(run_at(stage, seconds).fresh) for seconds in (5.0, 6.0, 16.0, 16.25)]
    assert counts == [1, 2, 3, 1]
    for track in states.tracker.tracks:
        for _ in range(2):
            states.roll_call.observe(Sighting(track.id, None, 0.99, 0.1, 0.0))
    assert len(run_at(stage, 30.0).fresh) == 1


def test_another_person_on_the_same_seat_begins_a_new_track():
    reader = Reader({0: point(1)})
    states, stage = reading(reader)
    run_at(stage, 0.0)
    reader.people[0] = point(1, 1.59)
    assert [track.id for track in run_at(stage, 1.0).fresh] == [1]
    reader.people[0] = point(2)
    (track,) = run_at(stage, 2.0).fresh
    assert (track.id, states.tracker.tracks, list(states.evidence)) == (2, [track], [2])
    assert (track.place, track.confidence, track.first_seconds) == (FloatBox.of(box(0)), 0.1, 2.0)
    assert (states.evidence[2].count, states.evidence[2].last_encoded) == (1, 2.0)
    assert states.evidence[2].mean.tolist() == point(2).tolist()
    assert run_at(stage, 2.25).fresh == []


# -- looks


def test_the_best_look_stays_and_of_equals_the_first():
    evidence = TrackEvidence()
    for number, score in enumerate((0.5, 0.5, 0.4, 0.6, 0.6)):
        keep_best_look(evidence, IMAGE, measured(0, score), encoding=point(number), encoder_id=f"encoder {number}")
    assert evidence.best is not None
    assert (evidence.best.encoder_id, evidence.best.quality.score) == ("encoder 3", 0.6)
    assert evidence.best.encoding.tolist() == point(3).tolist()
    assert evidence.best.crop.shape == (60, 60, 3)


def test_masks_are_averaged_over_the_newest_looks_and_other_opinions_stay():
    states, masks = states_with(), Masks(MaskState.WORN_INCORRECTLY)
    evidence = face(states, 0, opinions=NetworkOpinions(cnn_probability=0.3))
    for _ in range(10):
        read_masks(states, masks, IMAGE, tracks=states.tracker.tracks, faces=[measured(0)])
    assert masks.averaged == [1, 2, 3, 4, 5, 6, 7, 8, 8, 8]
    assert evidence.opinions == NetworkOpinions(MaskState.WORN_INCORRECTLY, cnn_probability=0.3)
    read_masks(states, None, IMAGE, tracks=states.tracker.tracks, faces=[measured(0)])
    assert len(masks.averaged) == 10


# -- match


def matching(states: TrackStates, **networks) -> MatchFaces:
    return MatchFaces(states, InHouseNetworks(**networks))


def matched(states: TrackStates, *fresh, **networks) -> list[TrackMatch]:
    frame = work(0.0, *(fresh or states.tracker.tracks))
    matching(states, **networks).run(frame)
    return frame.matches


SURE = ([0.97, 0.01, 0.01, 0.01], [0.01, 0.96, 0.01, 0.02], [0.02, 0.02, 0.02, 0.94])


def test_each_fresh_face_gets_its_student_probability_and_distance():
    states = states_with(*SURE)
    evidence = [face(states, place, point(who, 0.9)) for place, who in enumerate((1, 2, 3))]
    evidence[1].add(point(2, 0.9), None, face_px=80)
    first, second, third = matched(states)
    assert [(one.track.id, one.student_id) for one in (first, second, third)] == [(1, 11), (2, 12), (3, None)]
    assert [one.probability for one in (first, second, third)] == pytest.approx([0.97, 0.96, 0.94], abs=0.01)
    assert [one.distance for one in (first, second, third)] == pytest.approx([0.1, 0.1, 0.1], abs=1e-6)
    assert [(one.alternatives, one.either) for one in (first, second, third)] == [(None, 0.0)] * 3
    assert [one.student_id for one in evidence] == [11, 12, None]
    assert [one.probability for one in evidence] == [first.probability, second.probability, third.probability]
    assert states.roster.matcher.counts == [[1, 2, 1]]


def test_a_face_that_was_not_read_now_takes_part_and_gets_no_match():
    states = states_with([0.9, 0.05, 0.01, 0.04], [0.9, 0.05, 0.01, 0.04])
    for place in (0, 1):
        face(states, place, point(1, 0.9))
    face(states, 2)
    states.tracker.start(FloatBox.of(box(3)), 1.0, 0.0)
    (alone,) = matched(states, states.tracker.tracks[1])
    assert alone.track.id == 2
    assert alone.probability < 0.6, "two faces claim one student"


def test_nothing_is_matched_without_a_fresh_face_or_without_a_look():
    states = states_with(*SURE)
    face(states, 0)
    assert matched(states) == []
    face(states, 1, point(1))
    frame = work(0.0)
    matching(states).run(frame)
    assert frame.matches == []
    assert states.roster.matcher.counts == []


def test_a_roster_without_faces_has_nobody_near():
    class Nobody(Matcher):
        def distances(self, probes):
            return np.zeros((len(probes), 0))

    states = TrackStates(RULES, roster(Nobody([1.0]), students=()))
    face(states, 0, point(1))
    (match,) = matched(states)
    assert (match.student_id, match.distance) == (None, float("inf"))


def test_a_named_face_is_its_student_and_nobody_else_is():
    states = states_with(SURE[0], [0.6, 0.38, 0.01, 0.01])
    for place in (0, 1):
        face(states, place, point(1, 0.9))
    states.named[2] = 11
    first, second = matched(states)
    assert (second.student_id, second.probability) == (11, pytest.approx(1.0))
    assert first.student_id != 11
    assert first.probability < 0.5


def test_look_alikes_are_brought_up_with_the_probability_of_being_either():
    alike = {11: frozenset({13}), 13: frozenset({11})}
    states = states_with([0.5, 0.1, 0.35, 0.05], alike=alike)
    evidence = face(states, 0, point(1))
    (match,) = matched(states)
    assert match.alternatives == Alternatives(AlternativesKind.LOOK_ALIKES, 11, 13)
    assert match.either == pytest.approx(0.85)
    assert evidence.alternatives == match.alternatives


class Network(Embedder):
    """The course's network: what it says of the faces, one row each, for the students that it has learnt."""

    def __init__(self, *rows: Sequence[float], student_ids: tuple[int, ...] = (11, 12, 13)) -> None:
        super().__init__()
        self.rows, self.student_ids = np.array(rows), student_ids

    def posterior(self, embeddings, _counts):
        return self.rows[: len(embeddings)]


SURELY, HARDLY = [[0.98, 0.0, 0.0, 0.02], [0.0, 0.98, 0.0, 0.02], [0.0, 0.0, 0.98, 0.02]], [0.0, 0.0, 0.9, 0.1]


@pytest.mark.parametrize(
    ("photograph", "rows", "asked"),
    [
        pytest.param(None, SURELY, [True], id="a frame of a film"),
        pytest.param("room.jpg", SURELY, [True, False], id="a photograph of the class"),
        pytest.param("room.jpg", [*SURELY[:2], HARDLY], [True], id="too few are sure to be the class"),
    ],
)
def test_small_faces_need_no_caution_where_a_photograph_surely_shows_the_class(photograph, rows, asked):
    states = states_with(*rows)
    faces = [face(states, place, point(place + 1)) for place in range(3)]
    matching(states).run(work(0.0, *states.tracker.tracks, photograph=photograph))
    assert [one.student_id for one in faces] == [11, 12, 13]
    assert states.roster.matcher.cautious == asked


PHOTOS, NETWORK = [0.7, 0.2, 0.05, 0.05], [0.1, 0.85, 0.03, 0.02]


def decided(classifier: ClassifierChoice, *, mask: MaskState | None = None, learnt=(11, 12, 13), **left_out):
    states = states_with(PHOTOS, masked=[[0.3, 0.3, 0.3, 0.1]])
    evidence = face(states, 0, opinions=NetworkOpinions(mask))
    evidence.add(point(1), np.ones(4, np.float32), face_px=80)
    network = Network(NETWORK, student_ids=learnt)
    networks = {"head": network, "embedder": network} | left_out
    stage = matching(states, classifier=classifier, **networks)
    return stage._posterior([evidence])[0].tolist(), evidence.opinions


def test_the_classifier_that_was_chosen_decides():
    both = fuse(np.array([PHOTOS]), np.array([NETWORK]))[0].tolist()
    assert decided(ClassifierChoice.ENCODINGS)[0] == PHOTOS
    assert decided(ClassifierChoice.CNN)[0] == pytest.approx(NETWORK)
    assert decided(ClassifierChoice.BOTH)[0] == pytest.approx(both)
    assert both != pytest.approx(PHOTOS)


def test_a_network_that_is_unsure_leaves_the_decision_to_the_encodings():
    both = fuse(np.array([PHOTOS]), np.array([NETWORK]))[0].tolist()
    assert decided(ClassifierChoice.BOTH, sure_from=0.95)[0] == pytest.approx(PHOTOS)
    assert decided(ClassifierChoice.BOTH, sure_from=0.85)[0] == pytest.approx(both)
    # Alone it decides by what it has.
    assert decided(ClassifierChoice.CNN, sure_from=0.95)[0] == pytest.approx(NETWORK)


def test_both_opinions_are_kept_whoever_decides():
    for classifier in ClassifierChoice:
        opinions = decided(classifier, mask=MaskState.WITHOUT_MASK)[1]
        assert opinions.both is not None
        assert opinions.both == (TopMatch(11, 0.7), TopMatch(12, pytest.approx(0.85)))
        assert opinions.mask is MaskState.WITHOUT_MASK


@pytest.mark.parametrize("left_out", ["head", "embedder"])
def test_half_a_network_is_none(left_out):
    answer, opinions = decided(ClassifierChoice.CNN, **{left_out: None})
    assert (answer, opinions) == (PHOTOS, NetworkOpinions())


def test_a_masked_face_and_a_student_not_learnt_are_left_to_the_photos():
    assert decided(ClassifierChoice.CNN, mask=MaskState.WITH_MASK)[0] == [0.3, 0.3, 0.3, 0.1]
    assert decided(ClassifierChoice.CNN, learnt=(98, 12, 13))[0] == PHOTOS


def test_only_masked_faces_are_matched_as_masked():
    states = states_with(SURE[0], SURE[1], masked=[[0.0, 0.0, 0.9, 0.1]])
    face(states, 0, point(1))
    face(states, 1, point(2), opinions=NetworkOpinions(MaskState.WITH_MASK))
    assert [one.student_id for one in matched(states)] == [11, 13]
    assert states.roster.matcher.probes[-1].tolist() == [point(2).tolist()]


# -- decide


def deciding(states: TrackStates, *matches: TrackMatch, seconds: float = 0.0, photograph: str | None = None):
    frame = work(seconds, photograph=photograph)
    frame.matches = list(matches)
    Decide(states).run(frame)
    assert frame.decided is not None
    return frame.decided


def match(states: TrackStates, index: int, student_id: int | None, probability: float = 0.97, **more) -> TrackMatch:
    made = TrackMatch(states.tracker.tracks[index], student_id, probability, 0.3, None, 0.0)
    return replace(made, **more)


def look(score: float = 0.5, place: int = 0) -> FaceLook:
    return FaceLook(np.full((4, 4, 3), place, np.uint8), point(place), "stand-in", quality(score))


def test_a_student_is_marked_by_enough_sightings_with_all_that_is_known():
    states = states_with()
    evidence = face(states, 0, point(1), best=look(), opinions=NetworkOpinions(MaskState.WITHOUT_MASK, 12, 0.6))
    alternatives = Alternatives(AlternativesKind.OPINIONS, 11, 12)
    assert deciding(states, match(states, 0, 11)).conclusions == ()
    assert states.proved == {}
    (one,) = deciding(
        states, match(states, 0, 11, alternatives=alternatives), seconds=2.0, photograph="a.jpg"
    ).conclusions
    decision = one.decision
    assert (decision.kind, decision.student_id, decision.track_id) == (DecisionKind.MARK, 11, 1)
    assert (decision.probability, decision.best_distance) == (0.97, 0.3)
    assert (decision.first_seconds, decision.seconds, decision.sightings) == (0.0, 2.0, 2)
    assert evidence.best is not None
    assert one.crop is evidence.best.crop
    assert (one.opinions, one.alternatives) == (evidence.opinions, alternatives)
    assert one.place == FacePlace("a.jpg", box(0))
    assert states.proved[11].tolist() == point(1).tolist()
    assert states.unknown == {}


def test_a_conclusion_from_a_film_has_no_place_and_without_a_look_no_picture():
    states = states_with()
    face(states, 0, point(1))
    deciding(states, match(states, 0, 11))
    (one,) = deciding(states, match(states, 0, 11)).conclusions
    assert (one.place, one.crop) == (None, None)


@pytest.mark.parametrize(
    ("more", "needed"),
    [
        ({}, 2),
        ({"poor": True}, 3),
        ({"opinions": NetworkOpinions(MaskState.WITH_MASK)}, 3),
        ({"opinions": NetworkOpinions(MaskState.WORN_INCORRECTLY)}, 2),
    ],
)
def test_a_masked_face_or_a_poor_look_needs_the_stronger_proof(more, needed):
    states = states_with()
    face(states, 0, point(1), **more)
    sightings = 1
    while not deciding(states, match(states, 0, 11, 0.995)).conclusions:
        sightings += 1
    assert sightings == needed


def test_a_likely_pair_is_brought_up_though_neither_is_likely():
    states = states_with()
    face(states, 0, point(1))
    deciding(states, match(states, 0, 11, 0.45, either=0.9))
    (one,) = deciding(states, match(states, 0, 11, 0.45, either=0.9)).conclusions
    assert one.decision.kind is DecisionKind.REVIEW


def test_an_unknown_person_is_kept_with_their_evidence_and_reported():
    states = states_with()
    evidence = face(states, 0, point(7), best=look())
    decide = Decide(states)
    results = []
    for seconds in (0.0, 1.0, 1.5):
        frame = work(seconds)
        frame.matches = [match(states, 0, None)]
        decide.run(frame)
        results.append(frame.decided)
    assert [len(one.conclusions) for one in results] == [0, 1, 0]
    assert states.unknown == {1: evidence}
    assert [one.unknown for one in results] == [None, (UnknownPerson((1,), evidence.best),), None]
    assert results[-1].faces[0].state is FaceState.UNKNOWN


def test_faces_are_shown_by_what_is_known_of_them_and_missed_ones_are_not():
    states = states_with()
    for place in range(6):
        face(states, place, point(1), student_id=12, probability=0.2, flaw=Flaw.TOO_DARK)
    missed, named, proved, likely, alike, unclear = states.tracker.tracks
    missed.missed = 1
    states.named[named.id] = 13
    for _ in range(2):
        states.roll_call.observe(Sighting(proved.id, 11, 0.97, 0.1, 0.0))
    states.evidence[likely.id].probability = 0.5
    states.evidence[alike.id].alternatives = Alternatives(AlternativesKind.LOOK_ALIKES, 12, 13)
    states.evidence[unclear.id].opinions = NetworkOpinions(MaskState.WITH_MASK)
    new = states.tracker.start(FloatBox(1.5, 2, 3, 4), 1.0, 0.0)
    nobody = face(states, 0, point(1), probability=0.9)
    decided_now = deciding(states)

    def view(track, state, student, probability=0.2, flaw=Flaw.TOO_DARK, mask=None):
        return FaceView(track.id, track.place, state, student, probability, flaw, mask)

    assert decided_now.faces == (
        view(named, FaceState.KNOWN, 13),
        view(proved, FaceState.KNOWN, 11),
        view(likely, FaceState.DOUBTFUL, 12, 0.5),
        view(alike, FaceState.DOUBTFUL, 12),
        view(unclear, FaceState.PENDING, None, mask=MaskState.WITH_MASK),
        view(new, FaceState.PENDING, None, 0.0, None),
        view(states.tracker.tracks[-1], FaceState.PENDING, None, nobody.probability, None),
    )
    assert (decided_now.seen, decided_now.unknown) == ((11,), None)


# -- states and unknown people


def unknown(states: TrackStates, place: int, encoding: np.ndarray, score: float | None = None) -> int:
    evidence = face(states, place, encoding, best=None if score is None else look(score, place))
    track = states.tracker.tracks[-1]
    for _ in range(2):
        states.roll_call.observe(Sighting(track.id, None, 0.99, 1.0, 0.0))
    states.unknown[track.id] = evidence
    return track.id


def test_unknown_tracks_are_grouped_by_person_with_the_best_picture():
    states = states_with()
    first = unknown(states, 0, point(7, 0.5), 0.3)
    other = unknown(states, 1, point(8, 5.0))
    same = unknown(states, 2, point(7, 1.09), 0.8)
    assert unknown_people(states) == (
        UnknownPerson((first, same), states.unknown[same].best),
        UnknownPerson((other,), None),
    )
    assert unknown_people(states)[0].crop is states.unknown[same].best.crop
    assert unknown_people(states)[1].crop is None
    states.set_rules(RULES, photographs=True)
    assert [person.tracks for person in unknown_people(states)] == [(first,), (other,), (same,)]


def test_an_unknown_track_near_a_proved_student_is_that_student():
    states = states_with()
    near, far = unknown(states, 0, point(7, 0.51)), unknown(states, 1, point(7, 1.5))
    states.proved = {11: point(8, 9.0), 12: point(7, 1.0)}
    assert [person.tracks for person in unknown_people(states)] == [(far,)]
    states.set_rules(RULES, photographs=True)
    assert [person.tracks for person in unknown_people(states)] == [(near,), (far,)]
    states.set_rules(RULES, photographs=False)
    assert states.same_people is FOLLOWED


def test_somebody_who_is_unknown_no_more_is_left_out():
    states = states_with()
    first, second = unknown(states, 0, point(7)), unknown(states, 1, point(8))
    states.roll_call.observe(Sighting(first, 11, 0.6, 0.3, 1.0))
    del states.unknown[second]
    assert unknown_people(states) == ()


def test_unknown_people_are_reported_when_they_change_and_better_pictures_now_and_then():
    states = states_with()
    people = UnknownPeople(states)
    assert people.changed({DecisionKind.MARK}, 0.0) is None
    track = unknown(states, 0, point(7), 0.3)
    first = people.changed({DecisionKind.UNKNOWN}, 10.0)
    assert first == unknown_people(states)
    states.unknown[track].best = look(0.6)
    assert people.changed({DecisionKind.REVIEW}, 10.0 + LOOK_SECONDS - 0.1) is None
    assert people.changed(set(), 10.0 + LOOK_SECONDS) == unknown_people(states)
    assert people.changed(set(), 10.0 + 2 * LOOK_SECONDS) is None
    states.proved[11] = point(7)
    assert people.changed({DecisionKind.MARK}, 10.1 + 2 * LOOK_SECONDS) == ()


def test_other_rules_count_from_the_next_sighting():
    states = states_with()
    stricter = replace(RULES, min_sightings=9)
    states.set_rules(stricter, photographs=True)
    assert (states.roll_call.rules, states.same_people) == (stricter, PHOTOGRAPHED)


def test_a_track_that_ends_leaves_its_decisions_and_nothing_else():
    states = states_with()
    face(states, 0, point(1))
    track = states.tracker.tracks[0]
    states.named[track.id] = 13
    for _ in range(2):
        states.roll_call.observe(Sighting(track.id, 11, 0.97, 0.1, 0.0))
    assert states.is_settled(track)
    states.end(track)
    assert (states.evidence, states.named, states.roll_call.student_of(track.id)) == ({}, {}, None)
    assert states.roll_call.marked == {11}
    assert not states.is_settled(track)
    states.end(track)


def test_when_the_picture_changes_all_tracks_end_and_numbers_go_on():
    states = states_with()
    for place in range(3):
        face(states, place, point(1))
    states.end_all()
    assert (states.tracker.tracks, states.evidence) == ([], {})
    assert states.tracker.start(FloatBox(0, 0, 1, 1), 1.0, 0.0).id == 4


def test_a_face_that_the_teacher_names_is_the_students_until_it_is_taken_back():
    states = states_with()
    face(states, 0, point(7))
    face(states, 1)
    states.name(1, 11, before=None)
    states.name(2, 12, before=None)
    assert states.named == {1: 11, 2: 12}
    assert states.roll_call.marked == {11, 12}
    assert {who: mean.tolist() for who, mean in states.proved.items()} == {11: point(7).tolist()}
    states.name(1, 13, before=11)
    assert (states.named, list(states.proved), states.roll_call.marked) == ({1: 13, 2: 12}, [13], {12, 13})
    states.name(1, None, before=13)
    assert (states.named, states.proved, states.roll_call.marked) == ({2: 12}, {}, {12})


def test_a_name_for_an_unknown_track_that_has_ended_uses_what_was_known_of_it():
    states = states_with()
    track = unknown(states, 0, point(7))
    states.end(states.tracker.tracks[0])
    states.name(track, 11, before=None)
    assert states.proved[11].tolist() == point(7).tolist()
    states.name(99, 12, before=None)
    assert list(states.proved) == [11]


def test_a_roster_knows_each_students_column_and_has_look_alikes_only_if_it_is_told():
    snapshot = roster(Matcher())
    assert (snapshot.column, snapshot.alike) == ({11: 0, 12: 1, 13: 2}, {})


# -- photographs


def photographing(reader: Reader, *rows: Sequence[float], **networks) -> tuple[TrackStates, ReadPhotograph]:
    states = states_with(*rows)
    return states, ReadPhotograph(states, reader, InHouseNetworks(**networks))


NOBODY = [0.0, 0.0, 0.0, 1.0]


def test_every_face_of_a_photograph_is_read_and_a_poor_one_is_noted():
    flaws = {1: Flaw.BLURRED, 2: Flaw.TOO_SMALL}
    reader, embedder, masks = Reader({0: point(1), 1: point(2), 2: point(3)}, flaws), Embedder(), Masks()
    states, stage = photographing(reader, *[NOBODY] * 3, embedder=embedder, mask=masks)
    fresh = run_at(stage, 3.0).fresh
    assert fresh == states.tracker.tracks
    assert [(track.id, track.box, track.first_seconds) for track in fresh] == [
        (1, box(0), 3.0),
        (2, box(1), 3.0),
        (3, box(2), 3.0),
    ]
    assert [track.confidence for track in fresh] == pytest.approx([0.1, 0.2, 0.3])
    evidence = [states.evidence[track.id] for track in fresh]
    assert [one.poor for one in evidence] == [False, True, False]
    assert [one.flaw for one in evidence] == [None, Flaw.BLURRED, Flaw.TOO_SMALL]
    assert {one.last_encoded for one in evidence} == {3.0}
    assert [one.mean_embedding.tolist() for one in evidence] == [[100.0], [200.0], [300.0]]
    assert embedder.chips[0].shape == (3, 2, 2, 3)
    assert masks.asked == [(IMAGE, [box(0), box(1), box(2)], [0.0, 1.0, 2.0])]
    assert evidence[0].best is not None
    assert (evidence[0].best.encoder_id, evidence[0].best.encoding.tolist()) == ("stand-in", point(1).tolist())


def test_a_photograph_without_faces_shows_nobody_and_forgets_nobody():
    reader = Reader({0: point(1)})
    states, stage = photographing(reader, NOBODY)
    run_at(stage, 0.0)
    face_before, reader.people = reader.people, {}
    assert run_at(stage, 1.0).fresh == []
    assert states.tracker.tracks == []
    reader.people = face_before
    (track,) = run_at(stage, 2.0).fresh
    assert (track.id, states.evidence[track.id].count, track.last_seconds) == (1, 2, 2.0)


LIKELY_ROW, UNLIKELY_ROW = [0.0, 0.5, 0.1, 0.4], [0.2, 0.4, 0.2, 0.2]
SURE_ROW, HARDLY_SURE_ROW = [0.95, 0.0, 0.0, 0.05], [0.94, 0.0, 0.0, 0.06]


def again(
    first: np.ndarray,
    second: np.ndarray,
    *,
    row: Sequence[float] = NOBODY,
    before: tuple | None = None,
    beside: Sequence[float] = SURE_ROW,
) -> int:
    """The number of a person of the second photograph, where 1 is the first one's; ``beside``: somebody else there."""
    reader = Reader({0: first})
    states, stage = photographing(reader, row, beside)
    run_at(stage, 0.0)
    if before is not None:
        states.evidence[1].student_id, states.evidence[1].probability = before
    reader.people = {2: second, 3: point(9)}
    reader.flaws = {2: Flaw.TOO_DARK}
    track, other = run_at(stage, 1.0).fresh
    assert track.box == box(2)
    assert (track.last_seconds, track.confidence) == (1.0, pytest.approx(0.3))
    assert states.evidence[track.id].poor
    assert {one.id for one in states.tracker.tracks} == {track.id, other.id}
    return track.id


@pytest.mark.parametrize(
    ("apart", "row", "before", "number"),
    [
        pytest.param(0.35, NOBODY, None, 1, id="near"),
        pytest.param(0.37, NOBODY, None, 2, id="too far for a face without a name"),
        pytest.param(0.44, LIKELY_ROW, (12, 0.5), 1, id="farther with the same name"),
        pytest.param(0.46, LIKELY_ROW, (12, 0.5), 2, id="too far with the same name"),
        pytest.param(0.44, LIKELY_ROW, (11, 0.9), 2, id="another name"),
        pytest.param(0.44, LIKELY_ROW, (12, 0.49), 2, id="the name before was not likely"),
        pytest.param(0.44, UNLIKELY_ROW, (12, 0.9), 2, id="the name now is not likely"),
        pytest.param(0.44, NOBODY, (None, 0.9), 2, id="two strangers have no name"),
    ],
)
def test_a_face_of_another_photograph_is_joined_by_likeness_and_name(apart, row, before, number):
    assert again(point(1), point(1, 1 + apart), row=row, before=before) == number


def test_where_nobody_is_sure_a_likeness_to_a_student_joins_nobody():
    """Faces of another class are like those of this one."""
    pair = point(1), point(1, 1.44)
    assert again(*pair, row=LIKELY_ROW, before=(12, 0.5), beside=HARDLY_SURE_ROW) == 2
    assert again(point(1), point(1, 1.35), row=LIKELY_ROW, before=(12, 0.5), beside=HARDLY_SURE_ROW) == 1


def test_each_person_is_joined_once_and_by_the_best_pairs_together():
    reader = Reader({0: point(1), 1: point(1, 1.3)})
    states, stage = photographing(reader, *[NOBODY] * 3)
    run_at(stage, 0.0)
    reader.people = {0: point(1, 1.21), 1: point(1, 1.4), 2: point(1, 9.0)}
    assert [track.id for track in run_at(stage, 1.0).fresh] == [1, 2, 3]
    assert [states.evidence[number].count for number in (1, 2, 3)] == [2, 2, 1]
    assert states.roster.matcher.counts == [[1, 1, 1]]


def test_a_face_too_far_from_everybody_does_not_push_another_pair_apart():
    reader = Reader({0: point(1), 1: point(2, 5.0)})
    _, stage = photographing(reader, *[NOBODY] * 2)
    run_at(stage, 0.0)
    reader.people = {0: point(2, 9.0), 1: point(1, 1.3)}
    assert [track.id for track in run_at(stage, 1.0).fresh] == [3, 1]


def test_two_pairs_that_just_hold_are_no_better_than_one_that_is_near():
    reader = Reader({0: point(1), 1: point(1, 1.533)})
    _, stage = photographing(reader, *[NOBODY] * 2)
    run_at(stage, 0.0)
    reader.people = {0: point(1, 1.353), 1: point(1, 1.731)}
    assert [track.id for track in run_at(stage, 1.0).fresh] == [2, 3]


def test_other_photographs_begin_with_nobody():
    reader = Reader({0: point(1)})
    states, stage = photographing(reader, NOBODY)
    run_at(stage, 0.0)
    stage.begin()
    assert states.evidence == {}
    assert [track.id for track in run_at(stage, 1.0).fresh] == [2]


# -- the whole


def whole(reader: Reader, matcher: Matcher, **more) -> Pipeline:
    return Pipeline(reader, roster(matcher), RULES, cadence=Cadence(encode_every=0.0), scan=Scan(), **more)


def test_photographs_are_read_by_the_rules_for_photographs_and_a_film_after_them_by_its_own():
    reader = Reader({0: point(1)})
    pipeline = whole(reader, Matcher(SURE[0]))
    pipeline.begin_source(beside=False, photographs=True)
    result = pipeline.process(Frame(4, 1.5, IMAGE, "a.jpg"))
    assert (result.index, result.seconds, result.seen, result.unknown) == (4, 1.5, (11,), None)
    (one,) = result.conclusions
    assert (one.decision.kind, one.place) == (DecisionKind.MARK, FacePlace("a.jpg", box(0)))
    assert pipeline._states.same_people is PHOTOGRAPHED
    pipeline.begin_source(beside=False)
    assert (pipeline._states.roll_call.rules, pipeline._states.same_people) == (RULES, FOLLOWED)
    assert pipeline.process(Frame(5, 2.5, IMAGE)).faces[0].state is FaceState.DOUBTFUL
    assert pipeline.encoder_id == "stand-in"


def test_a_student_marked_before_is_seen_and_not_marked_again():
    pipeline = whole(Reader({0: point(1)}), Matcher(SURE[0]))
    pipeline.already_marked(11)
    results = [pipeline.process(Frame(index, float(index), IMAGE)) for index in range(4)]
    assert [result.conclusions for result in results] == [()] * 4
    assert results[-1].seen == (11,)


def test_networks_that_are_asked_for_are_used():
    masks = Masks()
    for photographs in (False, True):
        pipeline = whole(
            Reader({0: point(1)}), Matcher(SURE[0], masked=[SURE[0]]), in_house=InHouseNetworks(mask=masks)
        )
        pipeline.begin_source(beside=False, photographs=photographs)
        assert pipeline.process(Frame(0, 0.0, IMAGE)).faces[0].mask is MaskState.WITH_MASK


@pytest.mark.parametrize(
    ("beside", "photographs", "thread"), [(True, False, True), (True, True, False), (False, False, False)]
)
def test_faces_are_searched_beside_a_live_film_only(beside, photographs, thread):
    pipeline = whole(Reader({}), Matcher())
    pipeline.begin_source(beside=beside, photographs=photographs)
    assert (pipeline._lanes[0]._find._beside is not None) is thread
    pipeline.close()
    assert pipeline._lanes[0]._find._beside is None
