import os
from pathlib import Path

import pytest
from single_writes import each

from attendance_app.bootstrap import open_data
from attendance_app.config.settings import Settings
from attendance_app.config.settings_file import read_settings, write_settings
from attendance_app.domain.errors import Cancelled
from attendance_app.services.data_folder import check_folder, copy_data, fitting_folder, has_data, remove_data
from attendance_app.services.errors import DataNotCopied, FolderHasRegister, FolderHeld, FolderInUse, FolderNotWritable
from attendance_app.services.jobs import NoJob
from attendance_app.store.errors import SessionRecordedElsewhere


def test_an_empty_folder_is_used_itself_and_a_full_one_gets_a_folder_inside(tmp_path: Path) -> None:
    full, ours = tmp_path / "full", tmp_path / "ours"
    full.mkdir()
    (full / "letter.txt").write_text("mine", encoding="utf-8")
    open_data(ours).close()
    assert fitting_folder(tmp_path / "new") == tmp_path / "new"
    assert fitting_folder(full) == full / "attendance"
    assert fitting_folder(ours) == ours


def test_looking_at_a_folder_leaves_nothing_behind(tmp_path: Path) -> None:
    check_folder(tmp_path / "new" / "deep", tmp_path / "home")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("where", [".", "inside", ".."])
def test_the_folder_in_use_and_its_relatives_are_refused(tmp_path: Path, where: str) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with pytest.raises(FolderInUse):
        check_folder(home / where, home)


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_given: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("attendance_app.services.data_folder.tempfile.TemporaryFile", refuse)
    with pytest.raises(FolderNotWritable, match="Read-only file system"):
        check_folder(tmp_path / "new")


def test_a_folder_that_another_program_uses_is_refused(tmp_path: Path) -> None:
    with open_data(tmp_path / "theirs") as theirs:
        with theirs.window(), pytest.raises(FolderHeld):
            check_folder(tmp_path / "theirs")
        with theirs.recording(), pytest.raises(FolderHeld):
            check_folder(tmp_path / "theirs")
        check_folder(tmp_path / "theirs")


def test_everything_moves_and_only_ours_is_deleted(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    with open_data(old) as store:
        each(store).courses.add("MATH", "Mathematics")
        write_settings(old, Settings(theme="dark"))
        (old / "demo").mkdir()
        (old / "demo" / "film.avi").write_bytes(b"film")
        (old / "networks" / "mine").mkdir(parents=True)
        (old / "networks" / "mine" / "mask.onnx").write_bytes(b"network")
        (old / "networks" / "in-use.json").write_text("{}")
        (old / "letter.txt").write_text("mine", encoding="utf-8")
        copy_data(store, new, NoJob())
    remove_data(old)
    assert [path.name for path in old.iterdir()] == ["letter.txt"]
    assert read_settings(new).settings.theme == "dark"
    assert (new / "demo" / "film.avi").read_bytes() == b"film"
    assert (new / "networks" / "mine" / "mask.onnx").read_bytes() == b"network"
    assert (new / "networks" / "in-use.json").read_text() == "{}"
    if os.name == "posix":
        assert new.stat().st_mode & 0o777 == 0o700
    with open_data(new) as moved:
        assert [course.code for course in moved.courses.all()] == ["MATH"]


def test_a_folder_with_nothing_of_others_goes_altogether(tmp_path: Path) -> None:
    with open_data(tmp_path / "old") as store:
        copy_data(store, tmp_path / "new", NoJob())
    remove_data(tmp_path / "old")
    assert not (tmp_path / "old").exists()


def test_nothing_moves_while_a_session_is_recorded_or_onto_other_data(tmp_path: Path) -> None:
    open_data(tmp_path / "other").close()
    with open_data(tmp_path / "old") as store:
        with store.recording(), pytest.raises(SessionRecordedElsewhere):
            copy_data(store, tmp_path / "new", NoJob())
        with pytest.raises(FolderHasRegister):
            copy_data(store, tmp_path / "other", NoJob())
    assert not has_data(tmp_path / "new")


def test_a_cancelled_move_leaves_no_register_there(tmp_path: Path) -> None:
    class Impatient(NoJob):
        def raise_if_cancelled(self) -> None:
            raise Cancelled

    with open_data(tmp_path / "old") as store:
        write_settings(tmp_path / "old", Settings())
        with pytest.raises(Cancelled):
            copy_data(store, tmp_path / "new", Impatient())
    assert not has_data(tmp_path / "new")


def test_a_full_disk_is_said_and_the_old_data_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("attendance_app.services.data_folder.shutil.copy2", full)
    with open_data(tmp_path / "old") as store:
        write_settings(tmp_path / "old", Settings())
        with pytest.raises(DataNotCopied, match="No space left"):
            copy_data(store, tmp_path / "new", NoJob())
        assert has_data(tmp_path / "old")
