"""The only composition root: from a data folder to stores, engine and services."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from attendance_app.domain.people import Course, Gallery
    from attendance_app.services.enrolment import Enrolment
    from attendance_app.services.face_reader import FaceReader
    from attendance_app.services.live import LiveEvents
    from attendance_app.services.pipeline import Matcher, Pipeline
    from attendance_app.services.session_run import SessionRun
    from attendance_app.store.database import Store

DetectorName = Literal["hog", "cnn"]


def utc_now() -> datetime:
    """The wall clock, in UTC."""
    return datetime.now(UTC)


def open_data(home: Path) -> "Store":
    """Open (or make) the data folder's database."""
    from attendance_app.store.database import open_store

    return open_store(home)


def open_reader(detector: DetectorName | None = None) -> "FaceReader":
    """Load detector, landmarks and encoder. Raises ModelFileError when a network is missing or altered."""
    from attendance_app.services.face_reader import FaceReader
    from attendance_app.vision.align import Aligner
    from attendance_app.vision.detect import DEFAULT_DETECTOR, open_detector
    from attendance_app.vision.encode import open_encoder

    return FaceReader(open_detector(detector or DEFAULT_DETECTOR), Aligner(), open_encoder())


def open_matcher(gallery: "Gallery") -> "Matcher":
    """Compare with one snapshot of a course's templates."""
    from attendance_app.classifiers.match import EncodingMatcher

    return EncodingMatcher(gallery)


def open_enrolment(store: "Store", reader: "FaceReader") -> "Enrolment":
    """The service that turns photos into templates."""
    from attendance_app.services.enrolment import Enrolment

    return Enrolment(store, reader, utc_now)
