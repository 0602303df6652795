"""Counting of open-set and verification errors, and the protocols' files."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from attendance_app.domain.errors import NotFoundError
from attendance_app.domain.faces import Box, Detection
from attendance_app.lab.cli.evaluate import app
from attendance_app.lab.errors import NotPairs, PairPictureMissing, PairsMissing
from attendance_app.lab.evaluation.face_files import main_face, pictures_by_person
from attendance_app.lab.evaluation.gallery import ProbeScores
from attendance_app.lab.evaluation.pairs import (
    Pair,
    best_threshold,
    equal_error_rate,
    is_view_2,
    pairs_beside,
    read_pairs,
)
from attendance_app.lab.identity.data import people_root
from attendance_app.lab.matcher.training import calibration_error
from attendance_app.services.rates import Rate


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [
        pytest.param(0, 10, 0.0, 0.3085, id="none"),
        pytest.param(10, 10, 0.6915, 1.0, id="all"),
        pytest.param(5, 20, 0.0866, 0.4910, id="some"),
        pytest.param(0, 0, 0.0, 1.0, id="nothing to count"),
    ],
)
def test_interval_is_clopper_and_pearsons(count: int, total: int, low: float, high: float) -> None:
    assert Rate(count, total).interval == pytest.approx((low, high), abs=1e-4)


def answers() -> ProbeScores:
    """Four students' probes (right, right, wrong, no face) and four strangers."""
    return ProbeScores(
        best=np.array([0, 1, 0, -1, 0, 1, 0, -1]),
        score=np.array([0.99, 0.7, 0.95, -np.inf, 0.96, 0.2, 0.1, -np.inf]),
        truth=np.array([0, 1, 1, 0, -1, -1, -1, -1]),
    )


def test_a_picture_without_a_face_counts_as_not_named() -> None:
    rates = answers().rates(0.5)
    assert (rates.dir.count, rates.dir.total) == (2, 4)
    assert (rates.wrong_identity.count, rates.wrong_identity.total) == (1, 4)
    assert (rates.fpir.count, rates.fpir.total) == (1, 4)


@pytest.mark.parametrize(("share", "passed", "right"), [(0.0, 0, 1), (0.25, 1, 2), (0.5, 2, 2), (1.0, 3, 2)])
def test_at_fpir_lets_no_more_strangers_pass_than_allowed(share: float, passed: int, right: int) -> None:
    rates = answers().at_fpir(share)
    assert rates.fpir.count == passed
    assert rates.dir.count == right


def test_sure_and_right_answers_have_no_calibration_error() -> None:
    sure = ProbeScores(best=np.array([0, 0]), score=np.array([1.0, 0.0]), truth=np.array([0, -1]))
    wrong = ProbeScores(best=np.array([1, 0]), score=np.array([1.0, 1.0]), truth=np.array([0, -1]))
    assert calibration_error(sure) == pytest.approx(0.0)
    assert calibration_error(wrong) == pytest.approx(1.0)


def test_best_threshold_parts_what_can_be_parted() -> None:
    likeness = np.array([0.1, 0.2, 0.8, 0.9])
    same = np.array([False, False, True, True])
    assert 0.2 < best_threshold(likeness, same) < 0.8
    assert equal_error_rate(likeness, same) == 0.0


def test_best_threshold_has_the_most_pairs_right() -> None:
    random = np.random.default_rng(3)
    same = random.random(200) < 0.5
    likeness = random.normal(size=200) + 1.5 * same
    tried = [((likeness >= limit) == same).mean() for limit in np.linspace(-4, 6, 2001)]
    assert ((likeness >= best_threshold(likeness, same)) == same).mean() >= max(tried)


def test_equal_error_rate_of_chance_is_a_half() -> None:
    assert equal_error_rate(np.array([4.0, 3.0, 2.0, 1.0]), np.array([True, False, False, True])) == pytest.approx(0.5)


def people_folder(folder: Path, people: dict[str, int]) -> Path:
    for name, pictures in people.items():
        (folder / name).mkdir(parents=True)
        for number in range(1, pictures + 1):
            (folder / name / f"{name}_{number:04d}.jpg").write_bytes(b"")
    return folder


def test_reads_view_2_with_folds(tmp_path: Path) -> None:
    images = people_folder(tmp_path / "lfw", {"A_B": 3, "C_D": 2})
    listed = tmp_path / "pairs.txt"
    listed.write_text("2\t1\nA_B\t1\t2\nA_B\t1\tC_D\t1\nC_D\t1\t2\nA_B\t3\tC_D\t2\n")
    pairs = read_pairs(listed, images)
    assert [(pair.same, pair.fold) for pair in pairs] == [(True, 0), (False, 0), (True, 1), (False, 1)]
    assert pairs[3].first == images / "A_B" / "A_B_0003.jpg"


def test_pairs_are_found_beside_the_pictures_as_scikit_learn_has_them(tmp_path: Path) -> None:
    images = people_folder(tmp_path / "lfw_home" / "lfw_funneled", {"A_B": 2})
    with pytest.raises(PairsMissing):
        pairs_beside(people_root(tmp_path))
    (tmp_path / "lfw_home" / "pairs.txt").write_text("")
    assert people_root(tmp_path) == images
    assert pairs_beside(images) == tmp_path / "lfw_home" / "pairs.txt"


def test_published_figures_compare_with_all_of_view_2_only() -> None:
    whole = [Pair(Path("a"), Path("b"), True, fold) for fold in range(10) for _ in range(600)]
    assert is_view_2(whole)
    assert not is_view_2(whole[:2000])


def test_reads_view_1_as_one_fold(tmp_path: Path) -> None:
    images = people_folder(tmp_path / "lfw", {"A_B": 2, "C_D": 1})
    listed = tmp_path / "pairsDevTest.txt"
    listed.write_text("1\nA_B\t1\t2\nA_B\t1\tC_D\t1\n")
    assert [(pair.same, pair.fold) for pair in read_pairs(listed, images)] == [(True, 0), (False, 0)]


@pytest.mark.parametrize("text", ["", "nonsense", "2\t1\nA_B\t1\t2\n", "1\nA_B\t1\nA_B\t1\tA_B\t2\n", "0\n"])
def test_a_file_that_lists_no_pairs_is_a_clear_error(tmp_path: Path, text: str) -> None:
    images = people_folder(tmp_path / "lfw", {"A_B": 2})
    listed = tmp_path / "pairs.txt"
    listed.write_text(text)
    with pytest.raises(NotPairs, match=r"pairs\.txt"):
        read_pairs(listed, images)


def test_a_missing_picture_is_named(tmp_path: Path) -> None:
    images = people_folder(tmp_path / "lfw", {"A_B": 1})
    listed = tmp_path / "pairs.txt"
    listed.write_text("1\nA_B\t1\t2\nA_B\t1\tA_B\t1\n")
    with pytest.raises(PairPictureMissing, match="A_B_0002"):
        read_pairs(listed, images)


def test_main_face_is_the_middle_one_of_the_large(tmp_path: Path) -> None:
    image = np.zeros((200, 200, 3), dtype=np.uint8)
    small_middle = Detection(Box(95, 95, 105, 105), 3.0)
    large_corner = Detection(Box(0, 0, 60, 60), 2.0)
    large_near = Detection(Box(60, 60, 115, 115), 1.0)
    assert main_face([small_middle, large_corner, large_near], image) is large_near


def test_a_folder_without_people_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        pictures_by_person(tmp_path)
    with pytest.raises(NotFoundError):
        pictures_by_person(tmp_path / "missing")


@pytest.fixture(scope="module")
def small_class(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten students with 3 + 2 pictures and twenty strangers, as links, with a picture of nothing among the probes."""
    home = tmp_path_factory.mktemp("class")
    people = [person for person in sorted((shared_data / "lfw-original").iterdir()) if person.is_dir()]
    students = [person for person in people if len(list(person.iterdir())) >= 5][:10]
    for person in students:
        pictures = sorted(person.iterdir())
        for part, chosen in (("enrol", pictures[:3]), ("probe", pictures[3:5])):
            (home / part / person.name).mkdir(parents=True)
            for picture in chosen:
                (home / part / person.name / picture.name).symlink_to(picture)
    (home / "strangers").mkdir()
    for person in [person for person in people if person not in students][:20]:
        picture = min(person.iterdir())
        (home / "strangers" / picture.name).symlink_to(picture)
    (home / "probe" / students[0].name / "broken.jpg").write_bytes(b"no picture")
    return home


def test_gallery_command_names_students_and_no_stranger(small_class: Path) -> None:
    folders = [word for part in ("enrol", "probe", "strangers") for word in (f"--{part}", str(small_class / part))]
    result = CliRunner().invoke(app, ["gallery", *folders, "--json"])
    document = json.loads(result.stdout)
    assert document["dir"]["count"] >= 17
    assert document["dir"]["total"] == 21
    assert document["fpir"]["count"] == 0
    assert document["wrong_identity"]["count"] == 0
    assert [Path(path).name for path in document["failures"]["probe"]["unreadable"]] == ["broken.jpg"]
    assert document["dir"]["interval_95"][0] < document["dir"]["rate"] < document["dir"]["interval_95"][1]
    assert document["stock_curve"][0]["threshold"] == 0.6


def test_pairs_command_reports_folds(shared_data: Path, tmp_path: Path) -> None:
    lines = (shared_data / "lfw-original" / "pairs.txt").read_text().splitlines()
    chosen = [line for fold in range(2) for start in (0, 100) for line in lines[1 + 200 * fold + start :][:8]]
    listed = tmp_path / "pairs.txt"
    listed.write_text("\n".join(["2\t8", *chosen]))
    arguments = ["pairs", "--images", str(shared_data / "lfw-original"), "--pairs", str(listed), "--json"]
    document = json.loads(CliRunner().invoke(app, arguments).stdout)
    assert len(document["folds"]) == 2
    assert document["pairs"] == 32
    assert document["same"] == 16
    assert document["accuracy"] > 0.9
    assert document["standard_error"] is not None
