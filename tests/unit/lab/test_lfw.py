"""LFW by scikit-learn's own call: from a small copy in its format, and downloaded from a server of this machine."""

import hashlib
import http.server
import io
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import _lfw

from attendance_app.domain.errors import Cancelled
from attendance_app.lab.errors import LfwIncomplete, LfwNotDownloaded
from attendance_app.lab.identity.data import list_people, load_grey_faces
from attendance_app.lab.lfw import fetch

PEOPLE = {"Ann_A": 3, "Bob_B": 4, "Cid_C": 1}
PAIRS = ("pairsDevTrain.txt", "pairsDevTest.txt", "pairs.txt")


def _unseen(_done: int, _total: int) -> None:
    pass


def _jpeg(seed: int) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 256, (250, 250, 3)).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG")
    return file.getvalue()


def _members() -> dict[str, bytes]:
    return {
        f"lfw_funneled/{name}/{name}_{number:04d}.jpg": _jpeg(100 * index + number)
        for index, (name, count) in enumerate(PEOPLE.items())
        for number in range(1, count + 1)
    }


@pytest.fixture
def small_copy(tmp_path: Path) -> Path:
    home = tmp_path / "data"
    for name, content in _members().items():
        file = home / "lfw_home" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    for name in PAIRS:
        (home / "lfw_home" / name).write_text("")
    return home


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Serve the small copy as scikit-learn's server has it; return the folder that is served."""
    folder = tmp_path / "served"
    folder.mkdir()
    with tarfile.open(folder / "lfw-funneled.tgz", "w:gz") as archive:
        for name, content in _members().items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    for name in PAIRS:
        (folder / name).write_text("")

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments, directory=str(folder))  # type: ignore[arg-type]

        def log_message(self, *_arguments: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        threading.Thread(target=httpd.serve_forever, daemon=True).start()

        def here(remote: _lfw.RemoteFileMetadata) -> _lfw.RemoteFileMetadata:
            checksum = hashlib.sha256((folder / remote.filename).read_bytes()).hexdigest()
            url = f"http://127.0.0.1:{httpd.server_port}/{remote.filename}"
            return remote._replace(url=url, checksum=checksum)

        monkeypatch.setattr(_lfw, "FUNNELED_ARCHIVE", here(_lfw.FUNNELED_ARCHIVE))
        monkeypatch.setattr(_lfw, "TARGETS", tuple(here(target) for target in _lfw.TARGETS))
        yield folder
        httpd.shutdown()


def test_a_local_copy_is_read_by_scikit_learns_call_and_by_ours_alike(small_copy: Path) -> None:
    lfw = fetch(small_copy, _unseen, min_pictures=3, download=False)

    assert lfw.pictures == {"Ann A": 3, "Bob B": 4}
    assert lfw.shape == (125, 94)
    ours = load_grey_faces(list_people(small_copy, min_pictures=3), _unseen)
    assert ours.images.shape == (7, 125, 94, 1)


def test_it_is_downloaded_once(tmp_path: Path, server: Path) -> None:
    first = fetch(tmp_path / "new", _unseen, min_pictures=1)
    (server / "lfw-funneled.tgz").unlink()
    second = fetch(tmp_path / "new", _unseen, min_pictures=1)

    assert first.pictures == second.pictures == {"Ann A": 3, "Bob B": 4, "Cid C": 1}


def test_what_a_killed_download_has_left_is_not_taken_for_the_set(tmp_path: Path, server: Path) -> None:
    folder = tmp_path / "new" / "lfw_home"
    (folder / "lfw_funneled" / "Ann_A").mkdir(parents=True)
    (folder / "lfw_funneled" / "Ann_A" / "Ann_A_0001.jpg").write_bytes(_jpeg(1))
    (folder / "lfw-funneled.tgz.part_x").write_bytes(b"half")
    (folder / ".being-fetched").touch()

    lfw = fetch(tmp_path / "new", _unseen, min_pictures=1)

    assert sum(lfw.pictures.values()) == 8
    assert sorted(path.name for path in folder.glob("*.part_*")) == []


def test_a_copy_of_the_users_is_never_deleted(small_copy: Path) -> None:
    with pytest.raises(LfwIncomplete):
        fetch(small_copy, _unseen, min_pictures=1_000, download=False)

    lfw = fetch(small_copy, _unseen, min_pictures=1, download=False)

    assert sum(lfw.pictures.values()) == 8


def test_no_connection_is_said_with_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Nobody listens on port 1.
    gone = tuple(target._replace(url="http://127.0.0.1:1/x") for target in _lfw.TARGETS)
    monkeypatch.setattr(_lfw, "TARGETS", gone)

    with pytest.raises(LfwNotDownloaded, match="refused"):
        fetch(tmp_path / "new", _unseen)


def test_an_archive_that_is_cut_off_is_said(tmp_path: Path, server: Path) -> None:
    folder = tmp_path / "new" / "lfw_home"
    folder.mkdir(parents=True)
    whole = (server / "lfw-funneled.tgz").read_bytes()
    (folder / "lfw-funneled.tgz").write_bytes(whole[: len(whole) // 2])

    with pytest.raises(LfwIncomplete):
        fetch(tmp_path / "new", _unseen)


def test_whoever_stops_does_not_wait_for_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = threading.Event()
    leave = threading.Event()

    def slow(*_arguments: object, **_more: object) -> None:
        asked.set()
        leave.wait(30)

    monkeypatch.setattr("sklearn.datasets.fetch_lfw_people", slow)

    def stop(_done: int, _total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        fetch(tmp_path / "new", stop)
    assert asked.is_set()
    leave.set()
