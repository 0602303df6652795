"""The only composition root: from a data folder to stores, engine and services."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from attendance_app.config.settings import DetectorName, Settings
from attendance_app.domain.fusion import Decider

if TYPE_CHECKING:
    from attendance_app.classifiers.match import EncodingMatcher
    from attendance_app.domain.people import Course, Gallery
    from attendance_app.services.enrolment import Enrolment
    from attendance_app.services.face_reader import FaceReader
    from attendance_app.services.mask.reading import MaskReader
    from attendance_app.services.session.desk import Begun, SessionDesk
    from attendance_app.services.session.evidence import Advisers
    from attendance_app.services.session.live import LiveEvents, LiveSession
    from attendance_app.services.session.pipeline import Pipeline
    from attendance_app.store.database import Store
    from attendance_app.vision.source_protocol import Source


def utc_now() -> datetime:
    """The wall clock, in UTC."""
    return datetime.now(UTC)


def open_data(home: Path) -> "Store":
    """Open (or make) the data folder's database."""
    from attendance_app.store.database import open_store

    return open_store(home)


PHOTO_DETECTOR: DetectorName = "cnn"
"""For pictures that nobody films: finds more than HOG does, and takes longer (docs/adr/0010)."""


def open_reader(detector: DetectorName = PHOTO_DETECTOR) -> "FaceReader":
    """Load detector, landmarks and encoder. Raises ModelFileError when a network is missing or altered."""
    from attendance_app.services.face_reader import FaceReader
    from attendance_app.vision.align import Aligner
    from attendance_app.vision.detect import open_detector
    from attendance_app.vision.encode import Encoder

    return FaceReader(open_detector(detector), Aligner(), Encoder())


def open_mask_reader(detector: DetectorName) -> "MaskReader":
    """Load a detector and the mask network. Raises ModelFileError when a network is missing or altered."""
    from attendance_app.classifiers.mask import MaskClassifier
    from attendance_app.services.mask.reading import MaskReader
    from attendance_app.vision.detect import open_detector

    return MaskReader(open_detector(detector), MaskClassifier())


def open_matcher(gallery: "Gallery") -> "EncodingMatcher":
    """Compare with one snapshot of a course's templates."""
    from attendance_app.classifiers.match import EncodingMatcher

    return EncodingMatcher(gallery)


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """A course's roster as a session compares with it; ``alike``: each student's look-alikes, by id."""

    gallery: "Gallery"
    matcher: "EncodingMatcher"
    alike: "dict[int, frozenset[int]]"


def open_comparison(store: "Store", course: "Course", encoder_id: str) -> Comparison:
    """Take a snapshot of the course's templates. Raises KnownError when they are of another encoder."""
    from attendance_app.classifiers.lookalikes import lookalikes
    from attendance_app.services.session.doubts import look_alike_ids

    gallery = store.templates.gallery(course.id, encoder_id)
    return Comparison(gallery, open_matcher(gallery), look_alike_ids(lookalikes(gallery)))


def open_enrolment(store: "Store", reader: "FaceReader") -> "Enrolment":
    """The service that turns photos into templates."""
    from attendance_app.services.enrolment import Enrolment

    return Enrolment(store, reader, utc_now)


def open_desk(store: "Store", clock: Callable[[], datetime] = utc_now) -> "SessionDesk":
    """The service that begins and ends sessions."""
    from attendance_app.services.session.desk import SessionDesk

    return SessionDesk(store, clock)


@dataclass(frozen=True, slots=True)
class LiveSetup:
    """What a live session needs beside its source: which session, when it began, and what the user has set.

    ``decider``: who names the students; the course's own identity network only where it has been trained.
    """

    course: "Course"
    begun: "Begun"
    settings: Settings
    decider: Decider = Decider.ENCODINGS


def decider_of(store: "Store", course: "Course", settings: Settings) -> Decider:
    """Who names a course's students by the settings: dlib's encodings as long as its own network is not trained."""
    wanted = Decider(settings.classifier)
    return wanted if store.heads.of_course(course.id) is not None else Decider.ENCODINGS


def open_advisers(store: "Store", course: "Course", decider: Decider) -> "Advisers":
    """Load the in-house networks: masks, and who it is where the course's network has been trained.

    Raises HeadNotTrained when the network is to decide and has not been trained, ModelFileError for a missing file.
    """
    from attendance_app.classifiers.errors import HeadNotTrained
    from attendance_app.classifiers.identity import IdentityClassifier, IdentityEmbedder, IdentityHead
    from attendance_app.classifiers.mask import MaskClassifier
    from attendance_app.services.session.evidence import Advisers

    mask, trained = MaskClassifier(), store.heads.of_course(course.id)
    if trained is not None:
        head = IdentityClassifier(IdentityHead.from_bytes(trained.weights))
        return Advisers(mask, IdentityEmbedder(), head, decider)
    if decider is not Decider.ENCODINGS:
        raise HeadNotTrained(course=course.code)
    return Advisers(mask)


def open_live(
    store: "Store", reader: "FaceReader", source: "Source", setup: LiveSetup, *, events: "LiveEvents"
) -> "LiveSession":
    """Put a live session together: the course's gallery, the pipeline and the recorder.

    Raises KnownError when the course's templates were made by another encoder, or a network that is asked for is
    missing; a session that was begun for it is then taken back, so that none is left open that never ran.
    """
    from attendance_app.domain.errors import KnownError
    from attendance_app.domain.sessions import MarkedBy
    from attendance_app.services.session.live import LiveSession

    begun = setup.begun
    earlier = store.marks.of_session(begun.session.id)
    try:
        pipeline = open_pipeline(store, reader, setup)
    except KnownError:
        if not begun.resumed:
            store.sessions.delete(begun.session.id)
        raise
    for mark in earlier:
        if mark.marked_by is not MarkedBy.CLOSE:
            pipeline.roll_call.already_marked(mark.student_id)
    return LiveSession(
        begun.session,
        source,
        pipeline,
        write=store.marks.record_many,
        events=events,
        offset=begun.offset,
        earlier=earlier,
        count_unknown=lambda people: store.sessions.count_unknown(begun.session.id, people),
    )


def open_pipeline(store: "Store", reader: "FaceReader", setup: LiveSetup) -> "Pipeline":
    """Put the way of a frame together. Raises as ``open_live``."""
    from attendance_app.classifiers.thresholds import DECISION_RULES, MASKED_SIGHTINGS, Strictness
    from attendance_app.domain.roll_call import Proof, Rules
    from attendance_app.services.session.pace import SCANS, Pace
    from attendance_app.services.session.pipeline import Pipeline

    compared = open_comparison(store, setup.course, reader.encoder_id)
    rule = DECISION_RULES[Strictness(setup.settings.strictness)]
    return Pipeline(
        reader,
        compared.gallery,
        compared.matcher,
        Rules(rule.accept, rule.review, masked=Proof(rule.accept, MASKED_SIGHTINGS)),
        pace=Pace(),
        scan=SCANS[setup.settings.detector],
        advisers=open_advisers(store, setup.course, setup.decider),
        alike=compared.alike,
    )
