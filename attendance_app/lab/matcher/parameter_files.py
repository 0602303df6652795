"""Writes fitted parameters beside their manifest entry and the report of the fit."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from attendance_app.networks.manifest import register


class Parameters(Protocol):
    """What a fit has made, as ``classifiers.plda.PldaParameters`` and ``classifiers.face_sizes.FaceSizes`` are."""

    def save(self, path: Path) -> None: ...


def write_parameters(parameters: Parameters, file: Path, *, takes: str, made_by: str, card: str) -> None:
    """Write ``file`` and enter it in its folder's manifest: what it ``takes``, the command, and its card."""
    file.parent.mkdir(parents=True, exist_ok=True)
    parameters.save(file)
    # Numbers that this project has fitted, and that see no picture.
    register(file, licence="MIT", input=takes, colour_order="none", made_by=made_by, card=card)


def write_report(report: Mapping[str, object], file: Path) -> None:
    """Write the report of a fit as JSON."""
    file.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
