"""A network is used only when it is the file that the manifest names."""

import json
from pathlib import Path

import pytest

from attendance_app.networks.errors import (
    ManifestDamaged,
    ManifestUnreadable,
    NetworkAltered,
    NetworkMissing,
    NetworkNotListed,
)
from attendance_app.networks.manifest import MANIFEST, file_sha256, model_path, read_manifest, register, verify


def add_model(folder: Path, name: str = "a.onnx", content: bytes = b"weights") -> Path:
    path = folder / name
    path.write_bytes(content)
    register(path, licence="MIT", input="x: float32 (n, 2)", colour_order="RGB", made_by="make it", card="a.md")
    return path


def test_a_registered_file_verifies(tmp_path):
    path = add_model(tmp_path)
    assert verify("a.onnx", tmp_path) == path
    entry = read_manifest(tmp_path)["a.onnx"]
    assert (entry.sha256, entry.licence, entry.made_by) == (file_sha256(path), "MIT", "make it")


def test_registering_again_replaces_the_entry_and_keeps_the_others(tmp_path):
    add_model(tmp_path, "b.onnx")
    add_model(tmp_path, "a.onnx", b"first")
    path = add_model(tmp_path, "a.onnx", b"second")
    assert list(read_manifest(tmp_path)) == ["a.onnx", "b.onnx"]
    assert read_manifest(tmp_path)["a.onnx"].sha256 == file_sha256(path)


def test_an_altered_file_is_refused_by_name(tmp_path):
    path = add_model(tmp_path)
    path.write_bytes(b"Weights")
    with pytest.raises(NetworkAltered) as caught:
        verify("a.onnx", tmp_path)
    assert (caught.value.name, caught.value.folder) == ("a.onnx", tmp_path)


def test_a_missing_file_is_refused(tmp_path):
    add_model(tmp_path).unlink()
    with pytest.raises(NetworkMissing):
        verify("a.onnx", tmp_path)


def test_a_file_that_is_not_listed_is_refused(tmp_path):
    add_model(tmp_path)
    (tmp_path / "other.onnx").write_bytes(b"weights")
    with pytest.raises(NetworkNotListed):
        verify("other.onnx", tmp_path)


@pytest.mark.parametrize(
    "text",
    ["{", "[]", '{"models": [{"name": "a.onnx"}]}', '{"models": [{"sha256": "0"}]}'],
    ids=["not JSON", "no object", "incomplete entry", "no name"],
)
def test_a_damaged_manifest_is_a_known_error(tmp_path, text):
    (tmp_path / MANIFEST).write_text(text)
    with pytest.raises(ManifestDamaged):
        read_manifest(tmp_path)


def test_a_missing_manifest_is_a_known_error(tmp_path):
    with pytest.raises(ManifestUnreadable):
        read_manifest(tmp_path)


def test_every_bundled_network_is_intact_and_has_its_card():
    for name, entry in read_manifest().items():
        path = model_path(name)
        assert (path.parent / entry.card).is_file(), f"{name} has no card"
        assert entry.colour_order in {"RGB", "grey", "none"}


def test_the_bundled_manifest_holds_no_more_than_its_entries():
    path = model_path("dlib-face-encoder.onnx").parent
    document = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    listed = {entry["name"] for entry in document["models"]}
    assert {file.name for file in path.iterdir() if file.suffix != ".md"} - {MANIFEST} == listed
