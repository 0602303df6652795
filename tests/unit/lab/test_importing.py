"""A downloaded data set becomes class folders, and what is wrong with it is said."""

import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from attendance_app.lab import importing
from attendance_app.lab.errors import NoClassFolders
from attendance_app.lab.importing import Double, Imported, import_set
from attendance_app.services.errors import NothingAtPath
from attendance_app.services.photo_folders import PhotoFile, find_photos

CORRECT, NONE, WRONG = "with_mask", "without_mask", "mask_weared_incorrect"


def keep(path: Path, seed: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(seed).integers(0, 256, (12, 10, 3)).astype(np.uint8)
    Image.fromarray(pixels).save(path)


@pytest.fixture
def download(tmp_path):
    """A mask set as a site packs it: a folder around all, a class in words, a file that is no picture."""
    top = tmp_path / "download" / "Face Mask Dataset"
    for number, label in enumerate((CORRECT, NONE, "Mask Weared-Incorrect")):
        for picture in range(2):
            keep(top / label / f"{picture}.png", 10 * number + picture)
    (top / "notes.txt").write_text("how it was made", encoding="utf-8")
    return tmp_path / "download"


def imported(source: Path, *, without_doubles: bool = False) -> Imported:
    out = source.parent / "out"
    return import_set(source, out, kind=None, without_doubles=without_doubles, report=lambda _done, _total: None)


def files_of(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_folder_becomes_class_folders(download):
    result = imported(download)
    assert result.counts == {CORRECT: 2, NONE: 2, WRONG: 2}
    assert (result.kind, result.missing, result.broken) == ("masks", (), ())
    assert len(result.others) == 1
    assert files_of(result.folder) == {f"{label}/{number}.png" for label in (CORRECT, NONE, WRONG) for number in (0, 1)}


def test_a_zip_is_imported_as_the_folder_is(download, tmp_path):
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
        for path in sorted(download.rglob("*")):
            archive.write(path, path.relative_to(download))
    assert imported(tmp_path / "set.zip").counts == {CORRECT: 2, NONE: 2, WRONG: 2}


def test_a_class_without_a_picture_is_missing(download):
    for path in (download / "Face Mask Dataset" / NONE).iterdir():
        path.unlink()
    assert imported(download).missing == (NONE,)


def test_broken_pictures_are_named_and_left_out(download):
    (download / "Face Mask Dataset" / NONE / "9.jpg").write_bytes(b"nothing")
    result = imported(download)
    assert [Path(name).name for name in result.broken] == ["9.jpg"]
    assert result.counts[NONE] == 2


@pytest.mark.parametrize(("without_doubles", "counts"), [(False, (3, 3)), (True, (1, 2))])
def test_doubles_are_named_and_left_out_on_request(download, without_doubles, counts):
    top = download / "Face Mask Dataset"
    keep(top / NONE / "again.bmp", 10)
    keep(top / CORRECT / "other.png", 11)
    result = imported(download, without_doubles=without_doubles)
    assert [(Path(one.name).name, Path(one.first).name) for one in result.doubles] == [("again.bmp", "0.png")]
    assert result.in_two_classes == (Double(f"{top.name}/{NONE}/1.png", f"{top.name}/{CORRECT}/other.png"),)
    # Without doubles: of the class without masks only 0.png is left, of the other 0.png and 1.png.
    assert (result.counts[NONE], result.counts[CORRECT]) == counts


def test_a_class_whose_pictures_are_all_in_another_too_has_no_folder(tmp_path):
    for label in (CORRECT, NONE):
        keep(tmp_path / "set" / label / "0.png", 5)
    keep(tmp_path / "set" / NONE / "1.png", 5)
    keep(tmp_path / "set" / NONE / "2.png", 6)
    result = imported(tmp_path / "set", without_doubles=True)
    assert result.counts == {NONE: 1}
    assert files_of(result.folder) == {f"{NONE}/2.png"}
    assert {path.name for path in result.folder.iterdir()} == {NONE}


def test_each_file_is_read_once(download, monkeypatch):
    read: list[str] = []

    def counted(file: PhotoFile) -> PhotoFile:
        def content() -> bytes:
            read.append(file.name)
            return file.content()

        return replace(file, content=content)

    monkeypatch.setattr(importing, "find_photos", lambda source: tuple(map(counted, find_photos(source))))
    imported(download)
    assert len(read) == len(set(read)) == 6


def test_files_of_one_name_are_both_kept(download):
    keep(download / "more" / NONE / "0.png", 77)
    result = imported(download)
    assert result.counts[NONE] == 3
    assert {"without_mask/0.png", "without_mask/0-2.png"} <= files_of(result.folder)


def test_folders_of_people_are_classes_of_their_own(tmp_path):
    for person in ("Ada", "Emmy"):
        keep(tmp_path / "lfw" / person / "1.png", len(person))
    result = imported(tmp_path / "lfw")
    assert (result.kind, result.counts) == ("people", {"Ada": 1, "Emmy": 1})


def test_pictures_in_no_class_folder_are_refused(tmp_path):
    keep(tmp_path / "loose" / "1.png", 1)
    with pytest.raises(NoClassFolders):
        imported(tmp_path / "loose")


def test_nothing_there_is_said(tmp_path):
    with pytest.raises(NothingAtPath):
        imported(tmp_path / "nowhere")
