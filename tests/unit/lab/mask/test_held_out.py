"""Which crops neither the shipped network nor one's own has seen."""

from pathlib import Path

from own_networks import mask_run
from PIL import Image

from attendance_app.domain.masks import MASK_CLASSES
from attendance_app.lab.mask.evaluation import held_out_crops
from attendance_app.lab.mask.results import write_split
from attendance_app.lab.runs import RunFolder
from attendance_app.networks.own import add_network


def _set(root: Path) -> Path:
    folder = root / "masks-report"
    for state in MASK_CLASSES:
        (folder / state.value).mkdir(parents=True)
        for number in range(10):
            Image.new("RGB", (4, 4)).save(folder / state.value / f"{number}.png")
    return folder


def test_a_network_with_a_list_of_its_test_is_judged_by_what_both_kept_back(tmp_path: Path) -> None:
    folder = _set(tmp_path)
    kept_by_shipped = held_out_crops(folder, [0]).files
    run = mask_run(tmp_path / "run")
    also, only_mine = (
        kept_by_shipped[0],
        next(path for path in sorted(folder.rglob("*.png")) if path not in kept_by_shipped),
    )
    write_split(RunFolder(run), {"training": kept_by_shipped[1:], "test": [also, only_mine]}, folder)
    own = add_network(tmp_path / "home", run)

    assert held_out_crops(folder, [0, 3], run=own).files == (also,)


def test_two_networks_with_seeds_are_judged_by_what_both_seeds_keep(tmp_path: Path) -> None:
    folder = _set(tmp_path)
    first, second = (set(held_out_crops(folder, [seed]).files) for seed in (0, 1))

    both = held_out_crops(folder, [0, 1], run=add_network(tmp_path / "home", mask_run(tmp_path / "run"))).files

    assert set(both) == first & second
    assert first != second
