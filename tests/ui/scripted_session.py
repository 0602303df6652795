"""A session without networks: a stand-in pipeline names students at given seconds of a made-up video."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from attendance_app.bootstrap import open_roster
from attendance_app.classifiers.match import shipped_parameters
from attendance_app.domain.faces import FloatBox, Frame, Image, Quality
from attendance_app.domain.people import Course, Gallery
from attendance_app.domain.roll_call import Decision, DecisionKind
from attendance_app.services.session.doubts import Alternatives, AlternativesKind
from attendance_app.services.session.evidence import FaceLook
from attendance_app.services.session.frame_result import Conclusion, FaceState, FaceView, FrameResult, UnknownPerson
from attendance_app.services.session.roll_messages import RollOrder
from attendance_app.services.session.roll_tools import RollTools
from attendance_app.services.session.stages.track_states import GallerySnapshot
from attendance_app.store.database import Store
from attendance_app.ui.roll_call import live_runner
from attendance_app.vision.camera_owner import CameraOwner
from attendance_app.vision.source_protocol import Source, StateListener

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
    choices: dict[int, tuple[AlternativesKind, int, int]] = field(default_factory=dict)
    """Between which places on the roster a doubt is, by the place that is doubted."""
    width_px: int = 80
    """Of the unknown faces."""
    galleries: list[Gallery] = field(default_factory=list)
    """What the stand-in was told to compare with."""
    looks: dict[int, FaceLook] = field(default_factory=dict)
    frames: int = 0
    """How many were processed, over all sessions."""
    as_camera: bool = True
    """Films are played at their own pace, in the place of a camera; otherwise as recognition takes their frames."""

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
        monkeypatch.setattr(live_runner, "roll_tools", self._tools)
        if self.as_camera:
            open_source = CameraOwner.open

            def play(cameras: CameraOwner, spec: str, *, realtime: bool, on_state: StateListener) -> Source:
                return open_source(cameras, spec, realtime=True, on_state=on_state)

            monkeypatch.setattr(CameraOwner, "open", play)

    def _tools(self, store: Store, *, read_faces: object, **given: Any) -> RollTools:
        def open_pipeline(order: RollOrder) -> ScriptedPipeline:
            return ScriptedPipeline(self, [student.id for student in store.students.of_course(order.course.id)])

        def read_roster(course: Course, encoder_id: str) -> GallerySnapshot:
            return open_roster(store, course, encoder_id)

        return RollTools(store, open_pipeline=open_pipeline, read_roster=read_roster, **given)


@dataclass
class ScriptedPipeline:
    """Stands in for ``services.session.pipeline.Pipeline``."""

    script: Script
    students: list[int]
    frames: int = 0
    encoder_id = ENCODER_ID

    def process(self, frame: Frame, *, source: int = 0) -> FrameResult:
        self.frames += 1
        self.script.frames += 1
        end = time.perf_counter() + self.script.work_seconds
        while time.perf_counter() < end:  # as networks do: busy, without holding Python's lock
            cv2.GaussianBlur(np.zeros((720, 1280, 3), np.uint8), (31, 31), 0)
        faces = tuple(
            FaceView(place, FloatBox(left, 40, left + 25, 70), FaceState.KNOWN, self.students[place], 1, None)
            for place in self.script.marked
            for left in [10 + 30 * place]
        )
        return FrameResult(
            index=frame.index,
            seconds=frame.seconds,
            faces=faces,
            conclusions=self._conclusions(frame.seconds) if self.frames == 1 else (),
            seen=tuple(self.students[place] for place in self.script.marked),
            unknown=self.unknown_people() if self.frames == 1 and self.script.unknown else None,
        )

    def _conclusions(self, seconds: float) -> tuple[Conclusion, ...]:
        kinds: list[tuple[DecisionKind, Sequence[int]]] = [
            (DecisionKind.MARK, self.script.marked),
            (DecisionKind.REVIEW, self.script.doubted),
        ]
        return tuple(
            Conclusion(
                Decision(kind, place, self.students[place], 0.97, 4, 0.41, 0.0, seconds),
                CROP,
                alternatives=self._alternatives(place),
            )
            for kind, places in kinds
            for place in places
        )

    def _alternatives(self, place: int) -> Alternatives | None:
        wanted = self.script.choices.get(place)
        return None if wanted is None else Alternatives(wanted[0], self.students[wanted[1]], self.students[wanted[2]])

    def unknown_people(self) -> tuple[UnknownPerson, ...]:
        taken = {track for track, student, _before in self.script.named if student is not None}
        tracks = [100 + number for number in range(self.script.unknown) if 100 + number not in taken]
        return tuple(UnknownPerson((track,), self.script.look(track)) for track in tracks)

    def begin_source(self, *, beside: bool, photographs: bool, source: int = 0) -> None: ...

    def end_source(self, source: int) -> None: ...

    def already_marked(self, student_id: int) -> None: ...

    def close(self) -> None: ...

    def compare_with(self, roster: GallerySnapshot) -> None:
        self.script.galleries.append(roster.gallery)

    def name_face(self, track_id: int, student_id: int | None, *, before: int | None = None) -> None:
        self.script.named.append((track_id, student_id, before))
