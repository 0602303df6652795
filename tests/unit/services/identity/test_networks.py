"""Which network a course was learnt with, and whether one of the user's own may name students alone."""

import json
from pathlib import Path

import pytest
from own_networks import identity_run

from attendance_app.classifiers.errors import HeadOfAnotherNetwork, NetworkNotSureAlone, ParametersOfAnotherNetwork
from attendance_app.classifiers.identity import identity_id, parameters_of
from attendance_app.networks.own import RATES, add_network, network_in
from attendance_app.services.identity.networks import backbone_id, network_of, refuse_alone


def test_a_course_keeps_the_network_that_it_was_learnt_with(tmp_path: Path) -> None:
    home = tmp_path / "home"
    first, second = (add_network(home, identity_run(tmp_path / name, seed=seed)) for seed, name in enumerate("ab"))

    assert network_of(home, backbone_id(second)) == second
    assert network_of(home, backbone_id(None)) is None
    assert network_of(home, backbone_id(first), named=first) == first
    with pytest.raises(HeadOfAnotherNetwork):
        network_of(home, backbone_id(first), named=second)
    with pytest.raises(HeadOfAnotherNetwork):
        network_of(home, "identity-cnn-v1:gone")


def test_parameters_of_another_network_are_refused(tmp_path: Path) -> None:
    one, other = identity_run(tmp_path / "one", seed=1), identity_run(tmp_path / "other", seed=2)
    parameters = network_in(other, "other").parameters
    network_in(one, "one").parameters.write_bytes(parameters.read_bytes())

    with pytest.raises(ParametersOfAnotherNetwork) as refused:
        parameters_of(network_in(one, "one"))
    assert refused.value.network == identity_id(network_in(one, "one").path)


@pytest.mark.parametrize(
    ("named", "tried", "allowed"), [(0, 72, True), (0, 71, False), (1, 120, True), (9, 200, False)]
)
def test_a_network_decides_alone_only_if_it_names_next_to_no_strangers(
    tmp_path: Path, named: int, tried: int, allowed: bool
) -> None:
    run = identity_run(tmp_path / "run")
    (run / RATES).write_text(json.dumps({"strangers_named": named, "strangers_tried": tried}))
    network = add_network(tmp_path / "home", run)

    if allowed:
        refuse_alone(network)
        return
    with pytest.raises(NetworkNotSureAlone) as refused:
        refuse_alone(network)
    assert (refused.value.named, refused.value.tried) == (named, tried)


def test_a_network_that_was_not_measured_does_not_decide_alone_and_the_shipped_one_does(tmp_path: Path) -> None:
    with pytest.raises(NetworkNotSureAlone):
        refuse_alone(add_network(tmp_path / "home", identity_run(tmp_path / "run")))
    refuse_alone(None)
