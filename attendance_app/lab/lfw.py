"""LFW by scikit-learn's ``fetch_lfw_people``, as the identity report loads it: downloaded once, then read."""

import tarfile
import threading
import urllib.request
import warnings
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from shutil import rmtree
from typing import Any

from attendance_app.lab.errors import FolderNotWritten, LfwIncomplete, LfwNotDownloaded
from attendance_app.lab.identity.data import REPORT_PICTURES

_BEGUN = ".being-fetched"
"""A file in the folder while it is filled: what a killed download has left is not taken for the whole set."""
_LOOK_S = 0.2


@dataclass(frozen=True, slots=True)
class Lfw:
    """What ``fetch_lfw_people`` has returned. ``pictures``: of each of the people, by name."""

    home: Path
    pictures: dict[str, int]
    shape: tuple[int, int]
    """Height and width of a picture in pixels."""


@dataclass(slots=True)
class _Call:
    result: Any = None
    error: Exception | None = None
    ended: threading.Event = field(default_factory=threading.Event)


def fetch(
    home: Path,
    report: Callable[[int, int], None],
    *,
    min_pictures: int = REPORT_PICTURES,
    download: bool = True,
) -> Lfw:
    """Call ``fetch_lfw_people(min_faces_per_person=min_pictures, resize=1.0)`` with ``home`` as its data home.

    It downloads the funneled set (about 240 MB) unless ``home`` has it; with ``download`` False, LfwIncomplete.
    ``report``: bytes downloaded and in all (0: not known), several times a second; what it raises ends the waiting.
    Raises LfwNotDownloaded, LfwIncomplete, FolderNotWritten.
    """
    folder = home / "lfw_home"
    begun = folder / _BEGUN
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if begun.exists():
            _remove_leftovers(folder)
        # Not beside a copy that somebody else has put there: it is not ours to delete.
        if not (folder / "lfw_funneled").is_dir():
            begun.touch()
    except OSError as error:
        raise FolderNotWritten(folder=folder, reason=error.strerror or str(error)) from error
    call = _in_thread(home, min_pictures, download)
    _wait(call, folder, report)
    if isinstance(call.error, OSError):
        if not download:
            raise LfwIncomplete(folder=folder) from call.error
        raise LfwNotDownloaded(folder=folder, reason=str(getattr(call.error, "reason", call.error))) from call.error
    if isinstance(call.error, ValueError | tarfile.TarError | EOFError | zlib.error):
        # Nobody has as many pictures (scikit-learn has no error of its own for it), or the archive is cut off.
        raise LfwIncomplete(folder=folder) from call.error
    if call.error is not None:
        raise call.error
    begun.unlink(missing_ok=True)
    names, labels = call.result.target_names, call.result.target
    pictures = {str(name): int((labels == index).sum()) for index, name in enumerate(names)}
    return Lfw(home, pictures, (call.result.images.shape[1], call.result.images.shape[2]))


def _in_thread(home: Path, min_pictures: int, download: bool) -> _Call:
    """Start the call beside this thread: it says nothing while it downloads."""
    from sklearn.datasets import fetch_lfw_people

    call = _Call()

    def run() -> None:
        try:
            with warnings.catch_warnings():
                # Of its second try: the error says the same.
                warnings.simplefilter("ignore", UserWarning)
                call.result = fetch_lfw_people(
                    data_home=home,
                    min_faces_per_person=min_pictures,
                    resize=1.0,
                    download_if_missing=download,
                    n_retries=1,
                )
        except Exception as error:  # noqa: BLE001 - the caller raises it again
            call.error = error
        finally:
            call.ended.set()

    # A daemon: whoever has asked to stop does not wait for a slow server.
    threading.Thread(target=run, name="fetch_lfw_people", daemon=True).start()
    return call


def _wait(call: _Call, folder: Path, report: Callable[[int, int], None]) -> None:
    total = 0
    while not call.ended.wait(_LOOK_S):
        # Its own name for a file that is being downloaded: NAME.part_RANDOM.
        done = sum(path.stat().st_size for path in folder.glob("lfw-funneled.tgz*") if path.exists())
        if done and not total:
            total = _size_of_archive()
        report(done, total)


def _size_of_archive() -> int:
    """Ask the server for the archive's size in bytes; 0 if it does not say."""
    from sklearn.datasets import _lfw

    with suppress(OSError, ValueError):
        request = urllib.request.Request(_lfw.FUNNELED_ARCHIVE.url, method="HEAD")
        with urllib.request.urlopen(request, timeout=10) as answer:
            return int(answer.headers.get("Content-Length") or 0)
    return 0


def _remove_leftovers(folder: Path) -> None:
    """Delete what a download that was broken off has left; a whole archive stays."""
    for path in folder.glob("*.part_*"):
        path.unlink()
    if (folder / "lfw_funneled").is_dir():
        # scikit-learn takes the folder for the whole set as soon as it exists, even if unpacking was broken off.
        rmtree(folder / "lfw_funneled")
