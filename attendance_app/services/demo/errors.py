"""Known errors of services.demo/."""

from pathlib import Path

from attendance_app.domain.errors import NotFoundError, StoreError


class DemoPictureDamaged(StoreError):
    """A picture of the demo class is not readable."""

    path: Path


class ClipNotWritten(StoreError):
    """OpenCV can't write the demo's clip."""

    path: Path


class DemoPicturesMissing(NotFoundError):
    """The demo class was not installed with the program."""

    path: Path


class DemoPhotoRefused(StoreError):
    """A photo of the demo class was refused."""

    file: str
    reason: str


class FilmNotWritten(StoreError):
    """OpenCV can't write the film."""

    path: Path
