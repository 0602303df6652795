"""What is said of each photograph once all were read."""

from collections import Counter

import numpy as np

from attendance_app.domain.faces import Flaw, FloatBox, Frame
from attendance_app.services.session.frame_result import FaceState, FaceView, FrameResult
from attendance_app.services.session.photo_report import PhotoFaces, PhotoReport
from attendance_app.services.session.roll_messages import FrameSeen

BOX = FloatBox(0, 0, 9, 9)


def face(track: int, state: FaceState, student: int | None = None, sure: float = 0.0, flaw: Flaw | None = None):
    return FaceView(track, BOX, state, student, sure, flaw)


def report(*photographs: list[FaceView]) -> tuple[PhotoFaces, ...]:
    made = PhotoReport()
    for index, faces in enumerate(photographs):
        frame = Frame(index, float(index), np.zeros((9, 9, 3), np.uint8), photograph=f"{index}.jpg")
        made.take(FrameSeen(frame, FrameResult(index, float(index), tuple(faces), (), ())))
    return made.photographs


def test_a_face_has_what_a_later_photograph_says_of_its_person_and_its_own_flaw():
    first = [face(1, FaceState.DOUBTFUL, 7, 0.8, Flaw.BLURRED), face(2, FaceState.PENDING)]
    later = [face(1, FaceState.KNOWN, 8, 0.99)]
    assert report(first, later) == (
        PhotoFaces("0.jpg", (face(1, FaceState.KNOWN, 8, 0.99, Flaw.BLURRED), face(2, FaceState.PENDING)), 9, 9),
        PhotoFaces("1.jpg", (face(1, FaceState.KNOWN, 8, 0.99),), 9, 9),
    )


def test_what_is_known_stays_and_of_equals_the_later_counts():
    order = [FaceState.PENDING, FaceState.UNKNOWN, FaceState.DOUBTFUL, FaceState.KNOWN]
    for better, worse in zip(order[1:], order[:-1], strict=True):
        (first, second) = report([face(1, better, 7, 0.9)], [face(1, worse, 8, 0.1)])
        assert first.faces == second.faces == (face(1, better, 7, 0.9),)
    (first, _) = report([face(1, FaceState.DOUBTFUL, 7, 0.7)], [face(1, FaceState.DOUBTFUL, 8, 0.6)])
    assert first.faces == (face(1, FaceState.DOUBTFUL, 8, 0.6),)


def test_faces_are_counted_by_state_and_those_not_recognised_by_flaw():
    (photo,) = report(
        [
            face(1, FaceState.PENDING, flaw=Flaw.BLURRED),
            face(2, FaceState.PENDING, flaw=Flaw.BLURRED),
            face(3, FaceState.PENDING),
            face(4, FaceState.KNOWN, 7, flaw=Flaw.TOO_DARK),
        ]
    )
    assert [photo.count(state) for state in FaceState] == [3, 1, 0, 0]
    assert photo.flaws == Counter({Flaw.BLURRED: 2, None: 1})


def test_a_frame_that_is_no_photograph_has_no_name():
    made = PhotoReport()
    made.take(FrameSeen(Frame(0, 0.0, np.zeros((9, 9, 3), np.uint8)), FrameResult(0, 0.0, (), (), ())))
    assert made.photographs == (PhotoFaces("", (), 9, 9),)
