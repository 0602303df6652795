"""``attendance models`` and ``--network``: from a run folder to an answer, and back to the program's networks."""

import json
from pathlib import Path

import numpy as np
import pytest
from own_networks import REPORT_FACTS, identity_run, mask_run, people_run
from PIL import Image
from typer.testing import CliRunner, Result

from attendance_app.cli.main import app
from attendance_app.networks import errors


def _told(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["--home", str(home), *arguments])


def _used_for(home: Path) -> dict[str, list[str]]:
    rows = json.loads(_told(home, "models", "list", "--json").stdout)
    return {row["name"]: row["used_for"] for row in rows if row["whose"] == "yours"}


def test_a_network_is_added_used_for_a_course_or_all_and_put_back(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert _told(home, "course", "add", "MATH-1", "--title", "Mathematics").exit_code == 0
    assert _told(home, "models", "add", str(mask_run(tmp_path / "run")), "--name", "mine").exit_code == 0
    assert _used_for(home) == {"mine": []}

    assert _told(home, "models", "use", "mine", "--course", "MATH-1").exit_code == 0
    assert _told(home, "models", "use", "mine").exit_code == 0
    assert sorted(_used_for(home)["mine"]) == ["MATH-1", "all courses"]

    assert _told(home, "models", "use", "shipped").exit_code == 0
    assert _used_for(home) == {"mine": []}
    assert "Tested on 9 pictures" in _told(home, "models", "card", "mine").stdout
    assert _told(home, "models", "remove", "mine").exit_code == 0
    assert _used_for(home) == {}


def test_the_card_ends_with_the_page_of_the_training(tmp_path: Path) -> None:
    home, run = tmp_path / "home", mask_run(tmp_path / "run")
    (run / "page.html").write_text("<p>How it went")
    _told(home, "models", "add", str(run), "--name", "mine")

    told = _told(home, "models", "card", "mine").stdout

    kept = home / "networks" / "mine" / "page.html"
    assert told.endswith(f"Page of its training: {kept}\n")
    assert kept.read_text() == "<p>How it went"


def test_models_use_names_the_next_step_and_refuses_a_network_of_its_own_people(tmp_path: Path) -> None:
    home = tmp_path / "home"
    _told(home, "models", "add", str(identity_run(tmp_path / "faces")))
    _told(home, "models", "add", str(people_run(tmp_path / "people")))

    assert "attendance train identity --course CODE" in _told(home, "models", "use", "faces").stdout
    assert isinstance(_told(home, "models", "use", "people").exception, errors.NetworkOfAnotherKind)


def test_verify_finds_an_altered_network_of_ones_own(tmp_path: Path) -> None:
    home = tmp_path / "home"
    _told(home, "models", "add", str(mask_run(tmp_path / "run")), "--name", "mine")
    path = home / "networks" / "mine" / "mask-report.onnx"
    path.write_bytes(path.read_bytes()[:-1])

    told = _told(home, "models", "verify", "--json")

    assert isinstance(told.exception, errors.OwnNetworkAltered)
    assert {"name": "mine", "intact": False} in json.loads(told.stdout)


@pytest.fixture
def sees_one_face(monkeypatch: pytest.MonkeyPatch) -> None:
    """A detector that finds the whole picture, so that the test is about the network."""
    from attendance_app.domain.faces import Box, Detection

    class Whole:
        def detect(self, image: np.ndarray, **_options: object) -> list[Detection]:
            return [Detection(Box(0, 0, image.shape[1], image.shape[0]), 1.0)]

    monkeypatch.setattr("attendance_app.vision.detect.open_detector", lambda *_arguments: Whole())
    monkeypatch.setattr(
        "attendance_app.services.mask.reading.find_in_photo", lambda detector, image, **_options: detector.detect(image)
    )


@pytest.mark.usefixtures("sees_one_face")
def test_masks_are_read_by_the_network_that_is_named_or_in_use(tmp_path: Path) -> None:
    home, picture = tmp_path / "home", tmp_path / "face.png"
    pixels = np.random.default_rng(0).integers(0, 255, (60, 40, 3), np.uint8)
    Image.fromarray(pixels).save(picture)
    # Its threshold is never reached: this network is always unsure.
    mask_run(tmp_path / "unsure", facts=REPORT_FACTS | {"least_probability": "1.1"})
    mask_run(tmp_path / "sure", facts=REPORT_FACTS | {"least_probability": "0"})
    _told(home, "models", "add", str(tmp_path / "unsure"))
    _told(home, "models", "use", "unsure")

    answered = _told(home, "mask", "--json", str(picture))
    in_use = json.loads(answered.stdout)
    named = json.loads(_told(home, "mask", "--json", "--network", str(tmp_path / "sure"), str(picture)).stdout)

    assert answered.stderr == "These are the answers of unsure, a network of your own.\n"
    assert in_use[0]["faces"][0]["state"] == "unsure"
    assert named[0]["faces"][0]["state"] != "unsure"
    assert sum(named[0]["faces"][0]["probabilities"].values()) == pytest.approx(1)
