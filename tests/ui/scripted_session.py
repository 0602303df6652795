"""A session without networks: a stand-in pipeline names students at given seconds of a made-up video."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import pytest

from attendance_app.bootstrap import LiveSetup
from attendance_app.classifiers.match import shipped_parameters
from attendance_app.domain.faces import FloatBox, Frame, Image, Quality
from attendance_app.domain.people import Gallery
from attendance_app.domain.roll_call import Decision, DecisionKind
from attendance_app.services.session.doubts import Choice, ChoiceKind
from attendance_app.services.session.evidence import FaceLook, Opinions
from attendance_app.services.session.live import LiveEvents, LiveSession
from attendance_app.services.session.pipeline import FaceState, FaceView, FrameResult, UnknownPerson
from attendance_app.store.database import Store
from attendance_app.ui.roll_call import live_runner
from attendance_app.vision.source_protocol import Source

ENCODER_ID = shipped_parameters().encoder_id
CROP: Image = np.full((40, 40, 3), 120, np.uint8)


def make_video(path: Path, *, seconds: float = 2.0, fps: float = 20.0) -> Path:
    """A moving grey square, 320 x 180."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), fps, (320, 180))
    for index in range(round(seconds * fps)):
        frame = np.full((180, 320, 3), 90, np.uint8)
        frame[40:120, 40 + index : 120 + index] = 200
        writer.write(frame)
    writer.release()
    return path


@dataclass
class Script:
    """Who is decided, doubted and unknown, by the student's place on the roster; at once or never.

    ``work_seconds`` is how long the stand-in computes for each frame; ``named`` is what it was told of unknown tracks.
    """

    marked: Sequence[int] = ()
    doubted: Sequence[int] = ()
    unknown: int = 0
    named: list[tuple[int, int | None, int | None]] = field(default_factory=list)
    work_seconds: float = 0.0
    choices: dict[int, tuple[ChoiceKind, int, int]] = field(default_factory=dict)
    """Between which places on the roster a doubt is, by the place that is doubted."""
    width_px: int = 80
    """Of the unknown faces."""
    galleries: list[Gallery] = field(default_factory=list)
    """What the stand-in was told to compare with."""
    looks: dict[int, FaceLook] = field(default_factory=dict)

    def look(self, track_id: int) -> FaceLook:
        """The same look at an unknown face each time it is asked for."""
        if track_id not in self.looks:
            encoding = np.zeros(128, np.float32)
            encoding[track_id % 128] = 1
            quality = Quality(0.8, None, self.width_px, 0.02, 0.5, 0.1)
            self.looks[track_id] = FaceLook(CROP, encoding, ENCODER_ID, quality)
        return self.looks[track_id]

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Run sessions from this script in place of the networks."""
        monkeypatch.setattr(live_runner, "open_reader", lambda _detector: None)
        monkeypatch.setattr(live_runner, "open_live", self._open)

    def _open(
        self, store: Store, _reader: object, source: Source, setup: LiveSetup, *, events: LiveEvents
    ) -> LiveSession:
        students = [student.id for student in store.students.of_course(setup.course.id)]
        return LiveSession(
            setup.begun.session,
            source,
            ScriptedPipeline(self, students),  # type: ignore[arg-type]
            write=store.marks.record_many,
            events=events,
            offset=setup.begun.offset,
        )


@dataclass
class ScriptedPipeline:
    """Stands in for ``services.pipeline.Pipeline``."""

    script: Script
    students: list[int]
    frames: int = 0

    def process(self, frame: Frame) -> FrameResult:
        self.frames += 1
        end = time.perf_counter() + self.script.work_seconds
        while time.perf_counter() < end:  # as networks do: busy, without holding Python's lock
            cv2.GaussianBlur(np.zeros((720, 1280, 3), np.uint8), (31, 31), 0)
        decisions: tuple[Decision, ...] = ()
        if self.frames == 1:
            kinds: list[tuple[DecisionKind, Sequence[int]]] = [
                (DecisionKind.MARK, self.script.marked),
                (DecisionKind.REVIEW, self.script.doubted),
            ]
            decisions = tuple(
                Decision(kind, place, self.students[place], 0.97, 4, 0.41, 0.0, frame.seconds)
                for kind, places in kinds
                for place in places
            )
            decisions += tuple(
                Decision(DecisionKind.UNKNOWN, 100 + number, None, 0.99, 4, 0.9, 0.0, frame.seconds)
                for number in range(self.script.unknown)
            )
        faces = tuple(
            FaceView(
                place,
                FloatBox(10 + 30 * place, 40, 35 + 30 * place, 70),
                FaceState.KNOWN,
                self.students[place],
                1,
                None,
            )
            for place in self.script.marked
        )
        return FrameResult(
            frame.index, frame.seconds, faces, decisions, tuple(self.students[p] for p in self.script.marked)
        )

    def crop_of(self, _track_id: int) -> Image:
        return CROP

    def opinions_of(self, _track_id: int) -> Opinions:
        return Opinions()

    def choice_of(self, track_id: int) -> Choice | None:
        wanted = self.script.choices.get(track_id)
        return None if wanted is None else Choice(wanted[0], self.students[wanted[1]], self.students[wanted[2]])

    def unknown_people(self) -> list[UnknownPerson]:
        taken = {track for track, student, _before in self.script.named if student is not None}
        tracks = [100 + number for number in range(self.script.unknown) if 100 + number not in taken]
        return [UnknownPerson((track,), self.script.look(track)) for track in tracks]

    def replace_gallery(self, gallery: Gallery, _matcher: object, _alike: object) -> None:
        self.script.galleries.append(gallery)

    def named_by_teacher(self, track_id: int, student_id: int | None, *, before: int | None = None) -> None:
        self.script.named.append((track_id, student_id, before))
