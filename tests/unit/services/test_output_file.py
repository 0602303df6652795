"""Where files may go: never over the program's own, over another only by agreement, in the format of its ending."""

import errno
import os

import pytest
from single_writes import each

from attendance_app.config.data_folder import choose_folder, pointer_file
from attendance_app.config.paths import bundled
from attendance_app.config.settings_file import SETTINGS_FILE
from attendance_app.domain.errors import KnownError
from attendance_app.services.output import errors, files
from attendance_app.services.output.files import OutputFile, always, claim_file, claim_folder, never
from attendance_app.store.database import FILE_NAME, LOCK_NAME, WINDOW_LOCK_NAME, open_store

FORMATS = ("csv", "xlsx")
OWN = [
    FILE_NAME,
    f"{FILE_NAME}-wal",
    f"{FILE_NAME}-shm",
    f"{FILE_NAME}.before-1",
    FILE_NAME.upper(),
    LOCK_NAME,
    WINDOW_LOCK_NAME,
    SETTINGS_FILE,
    "window.ini",
    "attendance.log",
    "attendance.log.1",
]


@pytest.fixture
def home(tmp_path):
    home = tmp_path / "home"
    with open_store(home) as store:
        each(store).courses.add("M1", "Maths")
    return home


@pytest.mark.parametrize("name", OWN)
def test_no_file_of_the_program_is_overwritten(home, name):
    before = {file.name: file.read_bytes() for file in home.iterdir()}
    with pytest.raises(KnownError):
        claim_file(home / name, FORMATS, wanted="csv", may_replace=always)
    with pytest.raises(errors.FileOfTheProgram):
        OutputFile(home / name, "csv").write(b"x")
    assert {file.name: file.read_bytes() for file in home.iterdir()} == before


def test_a_link_or_a_copy_of_the_register_is_not_overwritten(home, tmp_path):
    link, copy = tmp_path / "link.csv", tmp_path / "copy.csv"
    link.symlink_to(home / FILE_NAME)
    copy.write_bytes((home / FILE_NAME).read_bytes())
    for path in (link, copy):
        with pytest.raises(errors.FileOfTheProgram):
            claim_file(path, FORMATS, wanted=None, may_replace=always)
        with pytest.raises(errors.FileOfTheProgram):
            OutputFile(path, "csv").write(b"x")


def test_networks_and_the_choice_of_the_folder_are_not_overwritten(home):
    with pytest.raises(errors.FileOfTheProgram):
        claim_file(bundled("models") / "list.csv", FORMATS, wanted=None, may_replace=always)
    choose_folder(home)
    with pytest.raises(errors.FileOfTheProgram):
        OutputFile(pointer_file(), "csv").write(b"x")


def test_an_export_may_stand_in_the_data_folder(home):
    claim_file(home / "register.csv", FORMATS, wanted=None, may_replace=never).write(b"x")
    assert (home / "register.csv").read_bytes() == b"x"


def test_an_existing_file_is_replaced_only_by_agreement_and_keeps_its_rights(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes(b"mine")
    path.chmod(0o640)
    with pytest.raises(errors.FileExists):
        claim_file(path, FORMATS, wanted=None, may_replace=never)
    assert path.read_bytes() == b"mine"
    claim_file(path, FORMATS, wanted=None, may_replace=always).write(b"new")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"new", 0o640)


def test_a_new_file_is_for_its_owner_alone(tmp_path):
    OutputFile(tmp_path / "list.csv", "csv").write(b"x")
    assert (tmp_path / "list.csv").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("name", "wanted", "chosen"),
    [
        ("a.csv", None, "csv"),
        ("a.XLSX", None, "xlsx"),
        (".xlsx", None, "xlsx"),
        (".hidden", None, "csv"),
        ("a.xlsx", "xlsx", "xlsx"),
        ("a", None, "csv"),
        ("a", "xlsx", "xlsx"),
    ],
)
def test_the_ending_decides_the_format(tmp_path, name, wanted, chosen):
    assert claim_file(tmp_path / name, FORMATS, wanted=wanted, may_replace=never).format == chosen


@pytest.mark.parametrize(
    ("name", "wanted", "error"),
    [
        ("a.xlsx", "csv", errors.EndingContradictsFormat),
        ("a.csv", "xlsx", errors.EndingContradictsFormat),
        ("a.pdf", None, errors.EndingUnknown),
        ("a.txt", "csv", errors.EndingUnknown),
        ("a.csv", "pdf", errors.FormatUnknown),
    ],
)
def test_an_ending_that_says_something_else_is_refused(tmp_path, name, wanted, error):
    with pytest.raises(error):
        claim_file(tmp_path / name, FORMATS, wanted=wanted, may_replace=always)


def test_what_is_no_place_for_a_file_is_refused_before_the_work(tmp_path):
    (tmp_path / "taken.csv").mkdir()
    (tmp_path / "round.csv").symlink_to(tmp_path / "round.csv")
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(errors.NoFolder):
        claim_file(tmp_path / "none" / "a.csv", FORMATS, wanted=None, may_replace=always)
    for name in ("taken.csv", "round.csv", "pipe.csv"):
        with pytest.raises(KnownError):
            claim_file(tmp_path / name, FORMATS, wanted=None, may_replace=always)


def test_a_failed_write_leaves_the_older_file_and_no_rubbish(tmp_path, monkeypatch):
    out = tmp_path / "out.csv"
    out.write_bytes(b"older")

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    monkeypatch.setattr(files, "free_bytes", lambda _place: 2_000)
    with pytest.raises(errors.NoRoomForFile) as refused:
        OutputFile(out, "csv").write(b"newer" * 1_000)
    assert (refused.value.details["free_kb"], refused.value.details["needed_kb"]) == (2, 6)
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("out.csv", b"older")]


def test_a_folder_that_went_away_is_a_known_error(tmp_path):
    with pytest.raises(errors.NoFolder):
        OutputFile(tmp_path / "none" / "out.csv", "csv").write(b"x")


def test_a_folder_to_fill_is_new_or_empty_or_agreed_upon_and_never_the_data_folder(home, tmp_path):
    full = tmp_path / "full"
    full.mkdir()
    (full / "mine").write_bytes(b"")
    assert claim_folder(tmp_path / "new", may_replace=never) == tmp_path / "new"
    assert claim_folder(full, may_replace=always) == full
    with pytest.raises(errors.FolderNotEmpty):
        claim_folder(full, may_replace=never)
    with pytest.raises(errors.NotAFolder):
        claim_folder(full / "mine", may_replace=always)
    for place in (home, home / "pictures"):
        with pytest.raises(errors.InDataFolder):
            claim_folder(place, may_replace=always)
