"""The trained files in ``models/`` and their manifest, by which each file is checked.

``models/manifest.json`` has one entry per file. The builder or training that makes a file writes its entry with
``register``. Code that loads a file gets its path from ``model_path``, which compares the file's sha256 with the entry,
once per process.
"""

import hashlib
import json
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

from attendance_app.config.paths import bundled
from attendance_app.networks.errors import (
    ManifestDamaged,
    ManifestUnreadable,
    NetworkAltered,
    NetworkMissing,
    NetworkNotListed,
)

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """One trained file. ``input`` describes shape and type of its input, for people; ``colour_order`` is "RGB",
    "grey" or "none"; ``made_by`` is the command that makes it; ``card`` is the file name of its model card, beside
    it."""

    name: str
    sha256: str
    licence: str
    input: str
    colour_order: str
    made_by: str
    card: str


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_manifest(folder: Path | None = None) -> dict[str, ModelEntry]:
    """Entries by file name, from ``folder`` or the program's own models.

    Raises ModelFileError when the manifest is missing or is not one.
    """
    path = (folder or bundled("models")) / MANIFEST
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        return {entry["name"]: ModelEntry(**entry) for entry in document["models"]}
    except OSError as error:
        raise ManifestUnreadable(path=path, reason=error.strerror or str(error)) from error
    except (ValueError, KeyError, TypeError) as error:  # TypeError: an entry with other keys
        raise ManifestDamaged(path=path) from error


def verify(name: str, folder: Path | None = None) -> Path:
    """Return the path of the file ``name`` after comparing it with its entry in the manifest.

    Raises ModelFileError when it is missing, altered or not listed.
    """
    home = folder or bundled("models")
    entry = read_manifest(home).get(name)
    path = home / name
    if entry is None:
        raise NetworkNotListed(name=name)
    if not path.is_file():
        raise NetworkMissing(name=name, folder=home)
    if file_sha256(path) != entry.sha256:
        raise NetworkAltered(name=name, folder=home)
    return path


# Hashing takes a while for the larger files; threads that open networks at once must not hash one twice.
_verified: dict[Path, Path] = {}
_lock = threading.Lock()


def model_path(name: str) -> Path:
    """Return the path of the trained file ``name``, verified once a process.

    Raises ModelFileError when it is missing, altered or not listed.
    """
    key = bundled("models") / name
    with _lock:
        if key not in _verified:
            _verified[key] = verify(name)
        return _verified[key]


def register(path: Path, *, licence: str, input: str, colour_order: str, made_by: str, card: str) -> ModelEntry:  # noqa: A002
    """Write or replace the entry of ``path`` in the manifest beside it, and return the entry.

    For the commands that make networks: write the file, write its card, then call this. The manifest is made when
    there is none, kept in order of names, and replaced in one step.
    """
    entry = ModelEntry(path.name, file_sha256(path), licence, input, colour_order, made_by, card)
    manifest = path.parent / MANIFEST
    entries = read_manifest(path.parent) if manifest.exists() else {}
    entries[entry.name] = entry
    document = {"models": [asdict(entries[name]) for name in sorted(entries)]}
    # Renamed when complete: a program that starts meanwhile reads the old manifest or the new one.
    draft = manifest.with_suffix(".json.new")
    draft.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    draft.replace(manifest)
    return entry
