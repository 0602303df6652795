"""The job of a room check: open the source, take a picture, check it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from attendance_app.domain.faces import Image
from attendance_app.services.jobs import JobContext
from attendance_app.services.room_check.check import RoomChecker
from attendance_app.services.room_check.picture import take_picture
from attendance_app.services.room_check.room import RoomCheck
from attendance_app.ui.picture_canvas import PhotoPicture, photo_picture
from attendance_app.vision.camera_owner import CameraOwner
from attendance_app.vision.opening import open_and_wait
from attendance_app.vision.photographs import Photographs, PhotoSet
from attendance_app.vision.turned_source import turned_source

OpenChecker = Callable[[], RoomChecker]


@dataclass(frozen=True, slots=True, eq=False)
class CheckedPicture:
    """A picture with its check; ``photograph``: it is one of those that a roll can be taken from."""

    picture: PhotoPicture
    check: RoomCheck
    photograph: bool


def check_room(
    cameras: CameraOwner, spec: str | PhotoSet, *, turn: int, open_checker: OpenChecker, job: JobContext
) -> tuple[CheckedPicture, ...]:
    """Check the picture of a camera or recording, or each photograph. Raises SourceError, ModelFileError."""
    photographs = isinstance(spec, PhotoSet)
    pictures = _photographs(spec, turn, job) if isinstance(spec, PhotoSet) else _frame(cameras, spec, turn, job)
    checked, checker = [], None
    for name, image in pictures:
        job.raise_if_cancelled()
        # After the first picture: an error of the camera must not wait for the networks.
        checker = checker or open_checker()
        check = checker.check(image, photographs=photographs)
        checked.append(CheckedPicture(photo_picture(name, image), check, photographs))
    return tuple(checked)


def _frame(cameras: CameraOwner, spec: str, turn: int, job: JobContext) -> Iterator[tuple[str, Image]]:
    with open_and_wait(
        "the room check",
        lambda: turned_source(cameras.open(spec, realtime=False), turn),
        close=lambda source: source.close(),
        check=job.raise_if_cancelled,
    ) as source:
        image = take_picture(source, keep_on=job.raise_if_cancelled)
        name = source.name
    yield name, image


def _photographs(photos: PhotoSet, turn: int, job: JobContext) -> Iterator[tuple[str, Image]]:
    # One that can't be read is left out, as the roll will do, which names it.
    with turned_source(Photographs(photos), turn) as source:
        while (frame := source.read()) is not None:
            job.report(frame.index, len(photos.photos))
            yield frame.photograph or source.name, frame.image
