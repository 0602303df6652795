"""What keeps the folder without Python (packaging/) right, tested without building it."""

import ast
import importlib.metadata
import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


def load(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "packaging" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


trimming = load("trimming")


@pytest.mark.parametrize(
    ("qt", "platform", "others"),
    [
        ("Qt", "libqxcb.so", "libqeglfs.so"),
        ("Qt", "libqcocoa.dylib", "libqminimal.dylib"),
        (".", "qwindows.dll", "qdirect2d.dll"),
    ],
    ids=["Linux", "macOS", "Windows"],
)
def test_trimming_leaves_what_the_window_needs(tmp_path, qt, platform, others):
    plugins, translations = tmp_path / qt / "plugins", tmp_path / qt / "translations"
    suffix = Path(platform).suffix
    kept = [
        plugins / "platforms" / platform,
        plugins / "styles" / f"any{suffix}",
        plugins / "printsupport" / f"any{suffix}",
        translations / "qtbase_es.qm",
    ]
    gone = [plugins / "platforms" / others, plugins / "tls" / f"openssl{suffix}", translations / "qtbase_fr.qm"]
    for file in (*kept, *gone):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    trimming.trim(tmp_path)
    assert [file.exists() for file in (*kept, *gone)] == [True] * 4 + [False] * 3


def test_a_plugin_is_known_by_the_name_that_all_systems_share():
    files = ["libqxcb.so", "qwindows.dll", "libqcocoa.dylib", "libqsvg.so", "qjpeg.dll", "libxdg-shell.so"]
    assert [trimming.plugin_name(file) for file in files] == ["xcb", "windows", "cocoa", "svg", "jpeg", "xdg-shell"]


def test_the_folder_leaves_out_no_module_that_the_program_imports():
    tree = ast.parse((ROOT / "packaging" / "attendance.spec").read_text(encoding="utf-8"))
    (left_out,) = [
        ast.literal_eval(step.value)
        for step in tree.body
        if isinstance(step, ast.Assign) and step.targets[0].id == "NOT_NEEDED"
    ]
    package = ROOT / "attendance_app"
    files = [file for file in package.rglob("*.py") if "lab" not in file.relative_to(package).parts]
    imported = set().union(*(imports_of(file) for file in files))
    assert "PySide6.QtPrintSupport" in imported
    assert imported.isdisjoint(left_out)


def imports_of(file):
    """Return the dotted names that a file imports, those with which they begin too."""
    names = set()
    for step in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(step, ast.Import):
            names |= {name.name for name in step.names}
        elif isinstance(step, ast.ImportFrom) and step.module:
            names |= {step.module, *(f"{step.module}.{name.name}" for name in step.names)}
    return names


def test_no_part_of_the_program_calls_a_python():
    """In the folder ``sys.executable`` is the program itself; children are started by multiprocessing's spawn."""
    package = ROOT / "attendance_app"
    found = [
        str(file.relative_to(ROOT))
        for file in package.rglob("*.py")
        if "lab" not in file.relative_to(package).parts and "sys.executable" in file.read_text(encoding="utf-8")
    ]
    assert found == []


def test_an_environment_of_a_checkout_has_no_second_copy_of_models_and_resources():
    """52 MB, and old ones as soon as the checkout's have changed."""
    installed = importlib.metadata.files("classroom-attendance")
    assert installed
    assert not [file for file in installed if "_data" in file.parts]
