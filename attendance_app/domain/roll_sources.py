"""What a roll was taken from, as the register keeps it."""

from dataclasses import dataclass
from enum import Enum


class SourceKind(Enum):
    """The kinds of sources that a report tells apart."""

    CAMERA = "camera"
    RECORDING = "recording"
    PHOTOGRAPHS = "photographs"


@dataclass(frozen=True, slots=True, order=True)
class KnownSource:
    """A source of a session. ``camera``: which camera, as ``open_source`` takes it but without user and password; empty
    for recordings and photographs, whose files have a new name each time.
    """

    text: str
    """One line: the kind, and behind a blank the camera."""

    @classmethod
    def of(cls, kind: SourceKind, camera: str = "") -> "KnownSource":
        # A blank line would end the source in the register's list.
        return cls(f"{kind.value} {' '.join(camera.split())}".strip())

    @property
    def kind(self) -> SourceKind:
        return SourceKind(self.text.partition(" ")[0])

    @property
    def camera(self) -> str:
        return self.text.partition(" ")[2]
