"""The list of a network's layers."""

import keras

from attendance_app.lab.architecture import layer_list, read_layers
from attendance_app.lab.identity.report import build
from attendance_app.lab.identity.report_results import VARIANTS


def test_layers_are_listed_with_shapes_and_parameters() -> None:
    network = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, name="one"), keras.layers.ReLU(name="two")])

    head, one, two, everything = layer_list(network).splitlines()

    assert head.split() == ["layer", "kind", "output", "parameters"]
    assert one.split() == ["one", "Dense", "n", "x", "3", "15"]
    assert two.split() == ["two", "ReLU", "n", "x", "3", "0"]
    assert everything.split() == ["all", "15"]


def test_the_reports_network_has_the_reports_parameters() -> None:
    # 320 + 128 + 9,248 + 128 + 18,496 + 8,320 * 128 + 128 + 128 * 19 + 19, counted from the report's code.
    assert build(VARIANTS[1], classes=19).count_params() == 1_095_859
    assert build(VARIANTS[3], classes=19).count_params() == 28_320 + 8_320 * 19 + 19


def test_dividing_twice_changes_no_weight() -> None:
    once, twice = build(VARIANTS[2], classes=5), build(VARIANTS[2], classes=5, divided_twice=True)
    assert twice.count_params() == once.count_params()


def test_a_list_of_layers_is_read_back() -> None:
    network = keras.Sequential([keras.Input((4, 4, 1)), keras.layers.Conv2D(300, 3, name="one")])

    assert read_layers(layer_list(network)) == (
        ("one", "Conv2D", "n x 2 x 2 x 300", "3,000"),
        ("all", "", "", "3,000"),
    )
