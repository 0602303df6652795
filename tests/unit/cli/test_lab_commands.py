"""The program without its laboratory: what it still does, and what it says of the rest."""

import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from attendance_app import laboratory
from attendance_app.cli import lab_commands, train_course
from attendance_app.cli.context import CliContext
from attendance_app.cli.messages import remedy_of
from attendance_app.services.errors import LaboratoryLeftOut, LaboratoryMissing


@pytest.fixture(autouse=True)
def without_laboratory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(laboratory, "missing", lambda: ("tensorflow",))


def invoke(name: str, *words: str, home: Path | None = None) -> tuple[str, BaseException | None]:
    app = typer.Typer(rich_markup_mode=None)  # as the program has it
    app.callback()(lambda: None)
    app.add_typer(lab_commands.group(name), name=name)
    answer = CliRunner().invoke(app, [name, *words], obj=CliContext(home))
    return answer.output, answer.exception


@pytest.mark.parametrize("name", ["train", "evaluate", "dataset"])
def test_help_says_how_to_install_the_laboratory(name: str) -> None:
    output, _ = invoke(name, "--help")

    assert 'pip install "classroom-attendance[lab]"' in " ".join(output.split())


@pytest.mark.parametrize(
    "words",
    [
        ["train", "mask", "--data", "x"],
        ["train", "identity", "--data", "x", "--out", "y"],
        ["train", "identity"],
        ["evaluate", "gallery", "--help"],
        ["dataset", "explore", "x"],
    ],
    ids=" ".join,
)
def test_a_command_of_the_laboratory_names_the_remedy(words: list[str]) -> None:
    _, error = invoke(*words)

    assert isinstance(error, LaboratoryMissing)
    assert error.packages == ("tensorflow",)
    assert 'pip install "classroom-attendance[lab]"' in remedy_of(error)


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)


@pytest.mark.usefixtures("frozen")
@pytest.mark.parametrize("name", ["train", "evaluate", "dataset"])
def test_help_of_the_frozen_program_names_no_command_that_it_does_not_have(name: str) -> None:
    output = " ".join(invoke(name, "--help")[0].split())

    assert "the laboratory, which is not part of this installation" in output
    assert "pip install" not in output
    assert "uv sync" not in output


@pytest.mark.usefixtures("frozen")
def test_the_frozen_program_says_where_the_laboratory_is_had() -> None:
    _, error = invoke("train", "mask", "--data", "x")

    assert isinstance(error, LaboratoryLeftOut)
    assert "installation of the program with Python" in remedy_of(error)
    assert "pip" not in remedy_of(error)
    help_text = lab_commands.build_command("build").__doc__
    assert help_text is not None
    assert "pip" not in help_text


def test_a_course_is_taught_without_the_laboratory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taught: list[tuple[str, str | None]] = []
    monkeypatch.setattr(train_course, "train_course", lambda _home, code, network: taught.append((code, network)))

    _, error = invoke("train", "identity", "--course", "MATH-1", home=tmp_path)

    assert error is None
    assert taught == [("MATH-1", None)]


def test_models_cannot_be_rebuilt_without_the_laboratory() -> None:
    with pytest.raises(LaboratoryMissing):
        lab_commands.build_command("build")()
