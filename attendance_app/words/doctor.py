"""Words for what the doctor finds wrong."""

from typing import Final

from attendance_app.services.doctor import errors
from attendance_app.words.kinds import Table, Words

WORDS: Final[Table] = {
    errors.PythonUntested: Words(
        "The program is not tested with Python {version}.",
        remedy="Use Python 3.11, 3.12 or 3.13; others are not tested.",
    ),
    errors.SystemNotServed: Words(
        "The libraries of this program are not made for {system}.",
        remedy=(
            "It needs Windows 10 or 11 (64 bit), macOS 14 or newer with Apple silicon, or Linux with glibc 2.34 or "
            "newer (Ubuntu 22.04, Debian 12)."
        ),
    ),
    errors.SingleCore: Words(
        "The processor has one core only.",
        remedy="Expect few frames a second; a machine with two cores or more does better.",
    ),
    errors.SlowProcessor: Words(
        "The processor lacks fast instructions.",
        remedy="Expect few frames a second; a processor with AVX2 does better.",
    ),
    errors.ProcessorTooOld: Words(
        "The processor can't run {library}.",
        remedy="This processor lacks instructions that the library needs; use a newer machine.",
    ),
    errors.LibraryBroken: Words(
        "The library {library} can't be loaded.", remedy="Install the program again in a fresh environment."
    ),
    errors.TensorFlowUnusable: Words(
        "TensorFlow is installed but can't be loaded.",
        remedy="Install the laboratory again; the roll is taken without it.",
    ),
    errors.CameraNotConnected: Words(
        "No camera was found.", remedy="Connect a camera, or give a network camera's address as the source."
    ),
    errors.CameraGivesNothing: Words(
        "The camera gives no picture.", remedy="Close other programs that use the camera."
    ),
    errors.CameraPicturePoor: Words(
        "The camera's picture is poor.", remedy="Turn on the light, turn the camera away from windows, clean it."
    ),
    errors.PhotoLibraryBroken: Words("Photos can't be read.", remedy="Install pillow and pi-heif again."),
    errors.VideoLibraryBroken: Words("Videos can't be read.", remedy="Install opencv-python-headless again."),
    errors.NoBackupYet: Words("There is no backup yet."),
    errors.BackupOld: Words("The newest backup is {days} days old, and there were changes since."),
    errors.HomeNotWritable: Words("The folder {folder} can't be written: {reason}."),
    errors.DiskAlmostFull: Words("The disk is almost full.", remedy="Free some disk space."),
    errors.DiskFillingUp: Words("The disk has little room left.", remedy="Free some disk space before it runs out."),
    errors.QtLibrariesMissing: Words(
        "Libraries that the window needs are missing.", remedy="On Debian or Ubuntu: sudo apt install {packages}"
    ),
    errors.NoDisplay: Words(
        "There is no screen here.", remedy="Start the window on a desktop; the commands work without one."
    ),
    errors.QtNotStarting: Words("The window can't start.", remedy="Install the program again on a desktop system."),
    errors.NotEncrypted: Words(
        "The register is not encrypted: whoever gets hold of the disk or a backup can read names, faces and marks."
    ),
    errors.PlainBackups: Words(
        "Backups that are not encrypted: {count}.", remedy="Make a backup: the older ones are encrypted with it."
    ),
    errors.RecoveryKeyUnconfirmed: Words(
        "Nobody has confirmed the recovery key yet: if this computer's key is lost, so is the register."
    ),
}
