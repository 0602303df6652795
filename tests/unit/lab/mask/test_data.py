from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from attendance_app.domain.errors import KnownError
from attendance_app.domain.masks import MASK_CLASSES
from attendance_app.lab.errors import ClassesWithoutPictures
from attendance_app.lab.mask.beside_report import TEST_PICTURES
from attendance_app.lab.mask.data import MaskPictures, read_class_folders, split_pictures
from attendance_app.lab.mask.report import read_picture
from attendance_app.lab.mask.report_recipe import TEST_SHARE


def class_folders(root: Path, *, each: int = 2) -> Path:
    for state in MASK_CLASSES:
        (root / state.value).mkdir(parents=True)
        for number in range(each):
            Image.new("RGB", (20, 20), (number, 0, 0)).save(root / state.value / f"{number}.png")
    return root


def many(groups: list[str], labels: list[int]) -> MaskPictures:
    files = tuple(Path(f"{i}.jpg") for i in range(len(labels)))
    return MaskPictures(files, np.array(labels, dtype=np.intp), tuple(groups))


def test_every_picture_without_a_table_is_a_group_of_its_own(tmp_path):
    pictures = read_class_folders(class_folders(tmp_path))
    assert len(pictures) == 6
    assert len(set(pictures.groups)) == 6
    assert list(pictures.labels) == [0, 0, 1, 1, 2, 2]


def test_groups_are_read_from_the_table_beside_the_classes(tmp_path):
    class_folders(tmp_path)
    (tmp_path / "groups.csv").write_text("file,group\nwith_mask/0.png,x\nwith_mask/1.png,x\n")
    assert read_class_folders(tmp_path).groups[:2] == ("x", "x")


@pytest.mark.parametrize("empty", ["with_mask", "mask_weared_incorrect"])
def test_an_empty_class_is_named(tmp_path, empty):
    class_folders(tmp_path)
    for path in (tmp_path / empty).iterdir():
        path.unlink()
    with pytest.raises(ClassesWithoutPictures, match=empty):
        read_class_folders(tmp_path)


def test_one_class_only_names_both_others(tmp_path):
    (tmp_path / "with_mask").mkdir()
    Image.new("RGB", (20, 20)).save(tmp_path / "with_mask" / "0.png")
    with pytest.raises(ClassesWithoutPictures, match=r"without_mask.*mask_weared_incorrect"):
        read_class_folders(tmp_path)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(KnownError, match="nowhere"):
        read_class_folders(tmp_path / "nowhere")


def test_no_group_is_on_both_sides_of_a_group_split():
    groups = [f"g{i // 7}" for i in range(210)]
    pictures = many(groups, [i // 70 for i in range(210)])
    rest, test = split_pictures(pictures, split="group", share=0.3, seed=5)
    assert not set(pictures.part(rest).groups) & set(pictures.part(test).groups)
    assert sorted([*rest, *test]) == list(range(210))
    for label in range(3):
        assert 0.2 < (pictures.labels[test] == label).mean() * len(test) / 70 < 0.4


def test_a_random_split_ignores_groups():
    pictures = many(["same"] * 60, [i % 3 for i in range(60)])
    rest, test = split_pictures(pictures, split="random", share=0.3, seed=1)
    assert (len(rest), len(test)) == (42, 18)


def test_a_random_split_is_as_large_as_the_reports_and_follows_no_class():
    labels = [label for label in range(3) for _ in range(2_994)]
    pictures = many([str(number) for number in range(len(labels))], labels)
    _rest, test = split_pictures(pictures, split="random", share=TEST_SHARE, seed=42)
    counts = np.bincount(pictures.labels[test])
    assert counts.sum() == TEST_PICTURES
    assert len(set(counts)) > 1


@pytest.mark.parametrize("seed", range(20))
def test_a_class_of_two_pictures_is_on_both_sides_of_a_random_split(seed):
    pictures = many([str(number) for number in range(12)], [0] * 5 + [1] * 5 + [2] * 2)
    for part in split_pictures(pictures, split="random", share=0.3, seed=seed):
        assert set(pictures.labels[part]) == {0, 1, 2}


@pytest.mark.parametrize("split", ["random", "group"])
def test_the_seed_decides_the_split(split):
    pictures = many([f"g{i // 2}" for i in range(120)], [i // 40 for i in range(120)])
    first, again, other = (split_pictures(pictures, split=split, share=0.3, seed=seed)[1] for seed in (3, 3, 4))
    assert list(first) == list(again)
    assert list(first) != list(other)


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "RGB"])
def test_pictures_of_every_mode_are_read_as_rgb(tmp_path, mode):
    Image.new(mode, (12, 9)).save(tmp_path / "one.png")
    assert read_picture(tmp_path / "one.png").shape == (9, 12, 3)


def test_a_corrupt_picture_is_named(tmp_path):
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff no picture")
    with pytest.raises(KnownError, match=r"broken\.jpg"):
        read_picture(tmp_path / "broken.jpg")
