"""Known errors of films without usable pictures."""

from attendance_app.domain.errors import SourceError


class SoundAlone(SourceError):
    """The file has sound and no stream of pictures."""

    name: str


class CodingUnknown(SourceError):
    """FFmpeg knows the file, but has no decoder for its pictures on this machine."""

    name: str
    codec: str
