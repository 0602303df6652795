"""What the program consists of: packages, trained networks and icons, each with its licence."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from typing import Final, Literal

from attendance_app.networks.manifest import read_manifest

PROGRAM: Final = "classroom-attendance"
LICENCES: Final = {
    # Their metadata say less than their own licence texts.
    "sqlcipher3": "Zlib; in it SQLCipher: BSD-3-Clause, OpenSSL: Apache-2.0",
    "dlib-bin": "BSL-1.0",
    "flatbuffers": "Apache-2.0",
    "onnxruntime": "MIT",
    "opencv-python-headless": "Apache-2.0, with FFmpeg under LGPL-2.1",
    "pi-heif": "BSD-3-Clause, with libheif and libde265 under LGPL-3.0",
    "protobuf": "BSD-3-Clause",
    "pyside6-essentials": "LGPL-3.0-only",
    "scipy": "BSD-3-Clause",
    "shellingham": "ISC",
    "shiboken6": "LGPL-3.0-only",
}
"""Licences under which the program uses packages that offer several, or that name theirs in their own words."""
ICONS: Final = ("Phosphor Icons", "2", "MIT")

Kind = Literal["package", "network", "icons"]


@dataclass(frozen=True, slots=True)
class Component:
    """One part. ``version``: of a network "". ``sha256``: of a network's file, of others ""."""

    kind: Kind
    name: str
    version: str
    licence: str
    sha256: str = ""


def components() -> tuple[Component, ...]:
    """Return every part of the program as it is installed here, without the laboratory; by kind and name.

    A package that the program asks for and that is not installed as a package is left out.
    """
    packages = sorted(_packages(), key=lambda one: one.name)
    networks = [
        Component("network", entry.name, "", entry.licence, entry.sha256)
        for entry in sorted(read_manifest().values(), key=lambda one: one.name)
    ]
    return (*packages, *networks, Component("icons", *ICONS))


def _packages() -> Iterator[Component]:
    seen: set[str] = set()
    waiting = [PROGRAM]
    while waiting:
        name = _plain(waiting.pop())
        if name in seen:
            continue
        seen.add(name)
        try:
            found = distribution(name)
        except PackageNotFoundError:  # asked for on other systems only
            continue
        yield Component("package", name, found.version, licence_of(found))
        waiting += [_name_of(line) for line in found.requires or () if "extra ==" not in line]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _name_of(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    return found[0] if found else requirement


def licence_of(package: Distribution) -> str:
    """Return a package's licence, "" if it names none."""
    known = LICENCES.get(_plain(package.name))
    if known is not None:
        return known
    metadata = package.metadata.json
    classifiers = [str(line) for line in metadata.get("classifier", ()) if "License ::" in str(line)]
    named = " or ".join(line.rpartition(" :: ")[2] for line in classifiers)
    return str(metadata.get("license_expression") or named or metadata.get("license") or "")


def bill_of_materials(parts: tuple[Component, ...]) -> str:
    """Return a software bill of materials: CycloneDX 1.6 as JSON."""
    program = next(one for one in parts if one.name == PROGRAM)
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "bom-ref": PROGRAM, **_described(program)}},
        "components": [
            {
                "type": {"package": "library", "network": "machine-learning-model", "icons": "data"}[one.kind],
                "bom-ref": f"{one.kind}:{one.name}",
                **_described(one),
            }
            for one in parts
            if one is not program
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _described(part: Component) -> dict[str, object]:
    described: dict[str, object] = {"name": part.name}
    if part.version:
        described["version"] = part.version
    if part.kind == "package":
        described["purl"] = f"pkg:pypi/{part.name}@{part.version}"
    if part.licence:
        described["licenses"] = [{"license": {"name": part.licence}}]
    if part.sha256:
        described["hashes"] = [{"alg": "SHA-256", "content": part.sha256}]
    return described
