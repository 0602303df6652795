"""What can be wrong with a course's trained network and with the matcher."""

from pathlib import Path

from attendance_app.domain.errors import KnownError, ModelFileError


class HeadNotTrained(KnownError):
    """The identity network has not been trained for the course, or a face in it was withdrawn since."""

    course: str


class HeadOfAnotherNetwork(KnownError):
    """The course's head was trained on the embeddings of another network than the program's."""

    head: str
    ours: str


class ParametersOfAnotherNetwork(ModelFileError):
    """The calibrated model beside an identity network was fitted to another network."""

    file: Path
    named: str
    network: str


class HeadUnreadable(ModelFileError):
    """The stored head is not what the program writes."""

    cause: str


class MatcherUnreadable(ModelFileError):
    """The file is not a parameter file of the face matcher."""

    file: str
    cause: str


class MatcherOfAnotherEncoder(KnownError):
    """The gallery's encodings come from another network than the matcher's parameters."""

    gallery: str
    matcher: str


class NetworkNotSureAlone(KnownError):
    """A network of one's own was to name students alone, and what was measured on strangers does not allow it."""

    name: str
    named: int
    tried: int


class CourseCnnNotSureAlone(KnownError):
    """The report's network of a course was to name its students alone, and its test does not allow it."""

    course: str
    right: int
    photos: int
    named: int
    tried: int
    people: int
