"""Networks of one's own: added from a run folder, listed, chosen, refused where they don't fit, never half there."""

import json
from pathlib import Path

import pytest
from own_networks import MASK_FACTS, identity_run, mask_run, people_run, write_network

from attendance_app.config.paths import bundled
from attendance_app.domain.errors import KnownError
from attendance_app.networks import errors
from attendance_app.networks.choice import named_or_in_use, network_in_use, networks_for
from attendance_app.networks.files import OWN_NETWORKS
from attendance_app.networks.in_use import FILE, choose, choose_shipped, chosen, forget
from attendance_app.networks.manifest import read_manifest
from attendance_app.networks.own import (
    NetworkKind,
    add_network,
    find_network,
    own_network,
    own_networks,
    remove_network,
)

MASK, IDENTITY, PEOPLE = NetworkKind


def test_an_added_network_is_listed_with_its_card_and_needs_no_run_folder(tmp_path: Path) -> None:
    run = mask_run(tmp_path / "night-run")

    add_network(tmp_path / "home", run)
    for file in run.iterdir():
        file.unlink()

    (found,) = own_networks(tmp_path / "home")
    assert (found.name, found.kind) == ("night-run", MASK)
    assert "Tested on 9 pictures" in found.card
    assert own_network(tmp_path / "home", "night-run").path.is_file()


def test_every_kind_of_run_is_recognised(tmp_path: Path) -> None:
    runs = (mask_run(tmp_path / "m"), identity_run(tmp_path / "i"), people_run(tmp_path / "p"))

    kinds = [add_network(tmp_path / "home", run).kind for run in runs]

    assert kinds == [MASK, IDENTITY, PEOPLE]


def test_the_programs_own_files_stay_as_they_are(tmp_path: Path) -> None:
    before = (bundled("models") / "manifest.json").read_bytes()

    add_network(tmp_path / "home", mask_run(tmp_path / "run"))

    assert (bundled("models") / "manifest.json").read_bytes() == before
    assert "mask-report.onnx" not in read_manifest()


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (lambda run: mask_run(run, outputs=2), errors.NetworkClassesUnfit),
        (lambda run: mask_run(run, facts={}), errors.NetworkFactsMissing),
        (lambda run: identity_run(run, side=32), errors.NetworkInputUnfit),
        (lambda run: write_network(run / "mask.onnx", (32, 16, 3), 3, metadata=MASK_FACTS), errors.NetworkInputUnfit),
        (lambda run: write_network(run / "mask.onnx", (32, 32, 1), 3, metadata=MASK_FACTS), errors.NetworkInputUnfit),
        (lambda run: write_network(run / "network.onnx", (125, 94, 1), 2, metadata={}), errors.NetworkFactsMissing),
        (
            lambda run: write_network(run / "network.onnx", (125, 94, 1), 3, metadata={"classes": "A\nB"}),
            errors.NetworkClassesUnfit,
        ),
        (lambda run: (mask_run(run) / "mask-report.onnx").write_bytes(b"not a network"), errors.NetworkUnreadable),
        (lambda run: run.mkdir(), errors.RunWithoutNetwork),
    ],
)
def test_what_does_not_fit_is_refused_and_leaves_nothing(tmp_path: Path, make: object, kind: type[KnownError]) -> None:
    make(tmp_path / "run")  # type: ignore[operator]

    with pytest.raises(kind):
        add_network(tmp_path / "home", tmp_path / "run")

    assert not (tmp_path / "home").exists()


def test_the_reason_of_an_unfit_network_names_both_sides(tmp_path: Path) -> None:
    with pytest.raises(errors.NetworkInputUnfit) as refused:
        add_network(tmp_path / "home", identity_run(tmp_path / "run", side=32))

    assert (refused.value.found, refused.value.wanted) == ("32 x 32 x 3", "64 x 64 x 3")


@pytest.mark.parametrize("name", ["shipped", "", "a/b", "..", "año", "x" * 65])
def test_a_name_that_is_no_folders_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(errors.NetworkNameUnfit):
        add_network(tmp_path / "home", mask_run(tmp_path / "run"), name)


def test_a_name_is_not_taken_twice(tmp_path: Path) -> None:
    run = mask_run(tmp_path / "run")
    add_network(tmp_path / "home", run)

    with pytest.raises(errors.NetworkNameTaken):
        add_network(tmp_path / "home", run)


def test_an_altered_network_is_refused_and_a_lost_one_is_named(tmp_path: Path) -> None:
    home = tmp_path / "home"
    path = add_network(home, mask_run(tmp_path / "run"), "mine").path

    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(errors.OwnNetworkAltered):
        find_network(home, "mine")

    path.unlink()
    with pytest.raises(errors.OwnNetworkMissing) as missing:
        find_network(home, "mine")
    assert missing.value.folder == home / OWN_NETWORKS / "mine"


def test_a_run_folder_serves_without_being_added_and_an_unknown_name_lists_what_there_is(tmp_path: Path) -> None:
    home = tmp_path / "home"
    add_network(home, mask_run(tmp_path / "run"), "mine")

    assert find_network(home, str(tmp_path / "run")).kind is MASK
    with pytest.raises(errors.OwnNetworkUnknown) as unknown:
        find_network(home, "yours")
    assert unknown.value.known == ("mine",)


def test_a_courses_own_choice_goes_before_that_for_all(tmp_path: Path) -> None:
    home = tmp_path / "home"
    choose(home, MASK, "for-all")
    choose(home, MASK, "for-one", course_id=4)

    assert chosen(home, MASK, 4) == "for-one"
    assert chosen(home, MASK, 5) == "for-all"
    assert chosen(home, IDENTITY) is None

    choose_shipped(home, course_id=4)
    assert chosen(home, MASK, 4) == "for-all"
    choose_shipped(home)
    assert chosen(home, MASK, 4) is None


def test_a_removed_network_is_chosen_nowhere(tmp_path: Path) -> None:
    home = tmp_path / "home"
    add_network(home, mask_run(tmp_path / "run"), "mine")
    choose(home, MASK, "mine")
    choose(home, MASK, "mine", course_id=4)

    forget(home, "mine")
    remove_network(home, "mine")

    assert own_networks(home) == ()
    assert network_in_use(home, MASK, 4) is None
    with pytest.raises(errors.OwnNetworkUnknown):
        remove_network(home, "mine")


def test_a_damaged_choice_is_named_and_going_back_mends_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    choose(home, MASK, "mine")
    (home / OWN_NETWORKS / FILE).write_text(json.dumps({"all": []}))

    with pytest.raises(errors.ChoiceDamaged):
        network_in_use(home, MASK)

    choose_shipped(home)
    assert network_in_use(home, MASK) is None


def test_a_session_takes_one_network_of_each_kind(tmp_path: Path) -> None:
    home = tmp_path / "home"
    for make, name in ((mask_run, "mask"), (identity_run, "faces"), (people_run, "people")):
        add_network(home, make(tmp_path / name), name)

    choice = networks_for(home, named=("faces", "mask"))

    assert choice.mask is not None
    assert choice.named_identity is not None
    with pytest.raises(errors.SeveralNetworksOfAKind):
        networks_for(home, named=("mask", str(tmp_path / "mask")))
    with pytest.raises(errors.NetworkOfAnotherKind):
        networks_for(home, named=("people",))
    with pytest.raises(errors.NetworkOfAnotherKind):
        named_or_in_use(home, MASK, "faces")
