"""The student whom a folder's or a file's name means."""

import os
import zipfile

import pytest

from attendance_app.domain.people import Student
from attendance_app.services.errors import NoFilesInside, NothingAtPath, ZipCutOff, ZipUnreadable
from attendance_app.services.photo_folders import find_photos, match_label, new_student
from attendance_app.vision.errors import FolderForbidden

ROSTER = [
    Student(1, "007", "Ana López"),
    Student(2, "S01", "Student 01"),
    Student(3, "S01_2", "Student 02"),
    Student(4, "12", "Same Name"),
    Student(5, "13", "Same Name"),
]


@pytest.mark.parametrize(
    ("label", "number"),
    [
        pytest.param("007", "007", id="number"),
        pytest.param("7", "007", id="leading zeros don't count"),
        pytest.param("0007", "007", id="more leading zeros neither"),
        pytest.param("ana lópez", "007", id="name in any case"),
        pytest.param("Ana_López", "007", id="name with underscores"),
        pytest.param("007 Ana López", "007", id="number and name"),
        pytest.param("s01", "S01", id="number in any case"),
        pytest.param("S01_2", "S01_2", id="exact number before a counter"),
        pytest.param("S01_3", "S01", id="counter of a file name"),
        pytest.param("S01 (4)", "S01", id="counter of a copied file"),
        pytest.param("Same Name", None, id="two students of one name: nobody"),
        pytest.param("nobody", None, id="not on the roster"),
        pytest.param("", None, id="empty"),
        pytest.param("000", None, id="zeros only"),
    ],
)
def test_label_names_a_student(label, number):
    found = match_label(label, ROSTER)

    assert (found.number if found else None) == number


@pytest.mark.parametrize(
    ("label", "number", "name"),
    [
        ("S07 Ana López", "S07", "Ana López"),
        ("1001_Ana López", "1001", "Ana López"),
        ("1001 - Ana López", "1001", "Ana López"),
        ("1001", "1001", "1001"),
        ("Ana López", "Ana López", "Ana López"),
        ("George_W_Bush", "George_W_Bush", "George W Bush"),
        (" 王小明 ", "王小明", "王小明"),
    ],
)
def test_new_students_get_number_and_name_from_the_label(label, number, name):
    named = new_student(label)

    assert (named.number, named.name) == (number, name)


def files(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())


def test_a_folder_a_student_gives_the_folder_as_label(tmp_path):
    files(tmp_path, "S01 Ana/1.jpg", "S01 Ana/2.HEIC", "S02/x.png", ".DS_Store", "S02/Thumbs.db")

    photos = find_photos(tmp_path)

    assert [(photo.name, photo.label) for photo in photos] == [
        ("S01 Ana/1.jpg", "S01 Ana"),
        ("S01 Ana/2.HEIC", "S01 Ana"),
        ("S02/x.png", "S02"),
    ]
    assert photos[0].content() == b"S01 Ana/1.jpg"


def test_pictures_named_by_number_give_their_name_as_label(tmp_path):
    files(tmp_path, "S01.jpg", "S02_1.jpg", "list.txt")

    photos = find_photos(tmp_path)

    assert [(photo.label, photo.is_picture) for photo in photos] == [("S01", True), ("S02_1", True), ("list", False)]
    assert photos[1].new_student.number == "S02"


@pytest.mark.parametrize("wrapping", ["", "class/"])
def test_a_zip_reads_like_the_folder_it_was_made_of(tmp_path, wrapping):
    path = tmp_path / "photos.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{wrapping}S01/1.jpg", b"one")
        archive.writestr(f"{wrapping}S02/1.jpg", b"two")
        archive.writestr("__MACOSX/S01/._1.jpg", b"no photo")

    photos = find_photos(path)

    assert [(photo.name, photo.label, photo.content()) for photo in photos] == [
        ("S01/1.jpg", "S01", b"one"),
        ("S02/1.jpg", "S02", b"two"),
    ]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off"])
def test_a_broken_zip_is_refused(tmp_path, content):
    path = tmp_path / "photos.zip"
    path.write_bytes(content)

    with pytest.raises((ZipUnreadable, ZipCutOff)):
        find_photos(path)


def test_nothing_to_enrol_is_an_error(tmp_path):
    with pytest.raises(NoFilesInside):
        find_photos(tmp_path)
    with pytest.raises(NothingAtPath):
        find_photos(tmp_path / "missing")


def test_a_folder_that_may_not_be_read_is_named_beside_the_photos(tmp_path, monkeypatch):
    for number in ("S01", "S02"):
        (tmp_path / number).mkdir()
        (tmp_path / number / "a.jpg").write_bytes(b"photo")
    closed = tmp_path / "S02"
    scandir = os.scandir

    # The tests may run as root, who may read everything.
    def scan(path="."):
        if os.fspath(path) == os.fspath(closed):
            raise PermissionError(13, "Permission denied", os.fspath(closed))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", scan)
    photo, folder = find_photos(tmp_path)
    assert (photo.name, photo.error) == ("S01/a.jpg", None)
    assert (folder.name, folder.label) == ("S02", "S02")
    assert isinstance(folder.error, FolderForbidden)
    assert folder.error.folder == closed
    with pytest.raises(FolderForbidden):
        find_photos(closed)
