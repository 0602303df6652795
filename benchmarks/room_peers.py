"""What others make of a composed room: stock face_recognition, and YuNet with this program's encoder.

They name every face after the nearest enrolled photo within face_recognition's tolerance, as its examples do; the first
face that is named after a student marks them. Of a video they see a frame every ``EVERY_SECONDS``: a register that is
taken so has no tracks to add up.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from attendance_app.bootstrap import open_data, open_reader
from attendance_app.domain.faces import Box, Detection, FloatBox, Image
from attendance_app.vision.detect import Detector, open_detector
from attendance_app.vision.finder_boxes import dlib_boxes
from attendance_app.vision.photo import load_photo
from attendance_app.vision.photo_search import find_in_photo
from attendance_app.vision.proposals import Proposals
from benchmarks.engine import STOCK_TOLERANCE, stock_gallery
from benchmarks.room_judge import Judge, place_of
from tests.composed_rooms import ComposedRoom

EVERY_SECONDS = 5.0
YUNET_ABOVE = 0.6
"""Of YuNet's own confidence."""

Floats = NDArray[np.floating]
Look = Callable[[Image], list[tuple[Box, Floats]]]
"""The faces of a picture, each with its encoding."""


def peers(room: ComposedRoom, home: Path, peers_dir: Path, course: str) -> dict[str, Callable[[], Judge]]:
    """Return who else takes the roll of a room, by name; ``home``: where this program has enrolled it."""
    theirs = stock_gallery(room.enrol_dir)
    reader = open_reader("auto")
    with open_data(home) as store:
        gallery = store.templates.gallery(store.courses.by_code(course).id, reader.encoder_id)
    ours = gallery.encodings, [gallery.students[owner].number for owner in gallery.owners]
    yunet = next(iter(sorted(peers_dir.glob("face_detection_yunet*.onnx"))))

    def by_yunet(image: Image) -> list[tuple[Box, Floats]]:
        faces = reader.read(image, _found_by_yunet(yunet, image))
        return [(face.pose.detection.box, face.encoding) for face in faces]

    return {
        "stock, HOG": lambda: _roll(room, _stock("hog"), theirs),
        "stock, CNN": lambda: _roll(room, _stock("cnn"), theirs),
        "YuNet, this encoder": lambda: _roll(room, by_yunet, ours),
    }


def _roll(room: ComposedRoom, look: Look, gallery: tuple[Floats, Sequence[str]]) -> Judge:
    encodings, owners = gallery
    judge = Judge(room, {})
    for image in _pictures(room):
        judge.frames += 1
        for box, encoding in look(image):
            place = place_of(room, FloatBox.of(box))
            if place is not None:
                judge.followed[place] += 1
            distances = np.linalg.norm(encodings - encoding, axis=1)
            nearest = int(distances.argmin())
            if distances[nearest] <= STOCK_TOLERANCE:
                judge.marked.setdefault(owners[nearest], place)
    return judge


def _pictures(room: ComposedRoom) -> Iterator[Image]:
    if room.pictures[0].suffix != ".mp4":
        yield from map(load_photo, room.pictures)
        return
    capture = cv2.VideoCapture(str(room.pictures[0]))
    every, index = round(EVERY_SECONDS * capture.get(cv2.CAP_PROP_FPS)), 0
    while capture.grab():
        if index % every == 0:
            yield np.asarray(cv2.cvtColor(capture.retrieve()[1], cv2.COLOR_BGR2RGB), np.uint8)
        index += 1


def _stock(model: Literal["hog", "cnn"]) -> Look:
    """face_recognition as it comes: each picture is searched at twice its size.

    dlib's CNN runs in this program's runtime, which finds the same (docs/adr/0011): its own takes a minute a frame. Of
    a photograph at most 18 megapixels are searched, in tiles: twice its size would take too much memory.
    """
    import face_recognition

    cnn: Detector = open_detector("cnn")

    def look(image: Image) -> list[tuple[Box, Floats]]:
        if model == "hog":
            # Top, right, bottom, left.
            places = face_recognition.face_locations(image)
        else:
            video = image.shape[0] * image.shape[1] <= 1920 * 1080
            found = cnn.detect(image, upsample=2.0) if video else find_in_photo(cnn, image)
            places = [(one.box.top, one.box.right, one.box.bottom, one.box.left) for one in found]
        encodings = face_recognition.face_encodings(image, places)
        boxes = [Box(left, top, right, bottom) for top, right, bottom, left in places]
        return list(zip(boxes, encodings, strict=True))

    return look


def _found_by_yunet(network: Path, image: Image) -> list[Detection]:
    """YuNet's faces with boxes like dlib's: its five points are those of the finder."""
    height, width = image.shape[:2]
    yunet = cv2.FaceDetectorYN.create(str(network), "", (width, height), YUNET_ABOVE)
    _, rows = yunet.detect(cv2.cvtColor(image, cv2.COLOR_RGB2BGR))
    # OpenCV returns None, whatever its stubs say, where it finds nobody.
    found = np.asarray([] if rows is None else rows, np.float32).reshape(-1, 15)
    corners = np.column_stack([found[:, :2], found[:, :2] + found[:, 2:4]])
    proposals = Proposals(corners, found[:, 14], found[:, 4:14].reshape(-1, 5, 2))
    return [Detection(box, float(sure)) for box, sure in zip(dlib_boxes(proposals), found[:, 14], strict=True)]
