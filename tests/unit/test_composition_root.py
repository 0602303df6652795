"""Networks are opened by ``bootstrap`` alone; what works with them is handed them."""

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

import pytest

import attendance_app

PACKAGE = Path(attendance_app.__file__).parent
ROOTS = frozenset({"open_network", "open_unlisted", "shape_predictor", "fhog_object_detector"})
"""What loads a network: ONNX Runtime's session, dlib's files."""
NETWORK_ROOMS = ("networks", "vision", "classifiers")
HANDED = ("services", "words", "ui", "cli", "laboratory.py", "__main__.py")
"""Rooms that get their networks from ``bootstrap``. The laboratory opens the networks that it makes itself."""


def _files(room: str) -> list[Path]:
    return [PACKAGE / room] if room.endswith(".py") else sorted((PACKAGE / room).rglob("*.py"))


def _used(tree: ast.AST) -> Iterator[str]:
    """The names that code uses, not those of annotations."""
    skipped: set[ast.AST] = set()
    for node in ast.walk(tree):
        annotations = (getattr(node, "annotation", None), getattr(node, "returns", None))
        skipped.update(part for one in annotations if one is not None for part in ast.walk(one))
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


@functools.cache
def _openers() -> frozenset[str]:
    """The functions and classes of the network rooms that load a network, or use one that does."""
    definitions = [
        (node.name, frozenset(_used(node)))
        for room in NETWORK_ROOMS
        for file in _files(room)
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    ]
    openers = ROOTS
    while found := {name for name, used in definitions if used & openers} - openers:
        openers |= found
    return openers


def _opened(source: str) -> list[str]:
    return sorted(set(_used(ast.parse(source))) & _openers())


def test_the_openers_are_found() -> None:
    assert {"open_detector", "Aligner", "Encoder", "MaskClassifier", "IdentityEmbedder"} <= _openers()


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("eye = CameraEye(open_detector('hog'))", id="called"),
        pytest.param("opened = functools.cache(vision.align.Aligner)", id="handed on"),
    ],
)
def test_code_that_opens_a_network_is_noticed(source: str) -> None:
    assert _opened(source)


def test_an_annotation_opens_nothing() -> None:
    assert _opened("def read(aligner: Aligner) -> Encoder: ...") == []


@pytest.mark.parametrize("room", HANDED)
def test_a_room_opens_no_network(room: str) -> None:
    opened = {
        file.relative_to(PACKAGE).as_posix(): names
        for file in _files(room)
        if (names := _opened(file.read_text(encoding="utf-8")))
    }
    assert opened == {}
