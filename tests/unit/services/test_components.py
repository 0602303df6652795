"""What the program consists of, and its bill of materials."""

import json

from attendance_app.networks.manifest import read_manifest
from attendance_app.services.components import Component, bill_of_materials, components

PARTS = components()


def _of(kind: str) -> dict[str, Component]:
    return {one.name: one for one in PARTS if one.kind == kind}


def test_packages_that_the_program_asks_for_are_there_and_those_of_the_laboratory_are_not() -> None:
    packages = _of("package")
    assert {"classroom-attendance", "pyside6-essentials", "shiboken6", "sqlalchemy", "onnxruntime"} <= packages.keys()
    assert not {"tensorflow", "tensorflow-cpu", "scikit-learn", "pytest", "pillow-heif"} & packages.keys()


def test_every_part_names_its_licence_and_none_is_the_gpl() -> None:
    for one in PARTS:
        assert one.licence, one.name
        # Alone or as the only choice; LGPL is another licence.
        assert not any(word.startswith("GPL") for word in one.licence.replace(",", " ").split()), one


def test_networks_are_those_of_the_manifest_with_their_hashes() -> None:
    assert {name: one.sha256 for name, one in _of("network").items()} == {
        name: entry.sha256 for name, entry in read_manifest().items()
    }


def test_the_bill_of_materials_is_cyclonedx() -> None:
    document = json.loads(bill_of_materials(PARTS))

    assert (document["bomFormat"], document["specVersion"], document["version"]) == ("CycloneDX", "1.6", 1)
    assert document["metadata"]["component"]["name"] == "classroom-attendance"
    listed = {one["name"]: one for one in document["components"]}
    assert len(listed) == len(PARTS) - 1
    assert len({one["bom-ref"] for one in document["components"]}) == len(listed)
    numpy = _of("package")["numpy"]
    assert listed["numpy"]["purl"] == f"pkg:pypi/numpy@{numpy.version}"
    assert listed["numpy"]["type"] == "library"
    mask = listed["mask.onnx"]
    assert mask["type"] == "machine-learning-model"
    assert mask["hashes"] == [{"alg": "SHA-256", "content": _of("network")["mask.onnx"].sha256}]
