from pathlib import Path

import pytest

from attendance_app.config.data_folder import choose_folder, chosen_folder, data_home, pointer_file
from attendance_app.config.errors import ChoiceNotWritten, DataFolderGone


@pytest.fixture(autouse=True)
def own_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTENDANCE_CONFIG", str(tmp_path / "configuration"))
    monkeypatch.delenv("ATTENDANCE_HOME", raising=False)


def test_without_a_choice_the_platform_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("attendance_app.config.data_folder.platformdirs.user_data_dir", lambda *_a, **_k: "/platform")
    assert data_home() == Path("/platform")


def test_a_choice_is_remembered_and_others_go_before_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = tmp_path / "año 2026 – 数据"
    chosen.mkdir()
    choose_folder(chosen)
    assert data_home() == chosen
    monkeypatch.setenv("ATTENDANCE_HOME", str(tmp_path / "environment"))
    assert data_home() == tmp_path / "environment"
    assert data_home(tmp_path / "given") == tmp_path / "given"


def test_a_chosen_folder_that_is_gone_is_not_made_anew(tmp_path: Path) -> None:
    choose_folder(tmp_path / "stick")
    with pytest.raises(DataFolderGone):
        data_home()
    assert not (tmp_path / "stick").exists()


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe\x00"])
def test_a_choice_that_cannot_be_read_is_none(content: bytes) -> None:
    pointer_file().parent.mkdir()
    pointer_file().write_bytes(content)
    assert chosen_folder() is None


def test_a_choice_that_cannot_be_kept_is_said(tmp_path: Path) -> None:
    (tmp_path / "configuration").write_text("a file in the way", encoding="utf-8")
    with pytest.raises(ChoiceNotWritten):
        choose_folder(tmp_path)
