"""From a run folder to the program's models: the network and its entry in the manifest."""

import shutil
from pathlib import Path

from attendance_app.config.paths import bundled
from attendance_app.lab.errors import MaskRunUnfinished, RunStopped
from attendance_app.lab.mask.card import NETWORK_FILE
from attendance_app.lab.mask.results import read_fit
from attendance_app.networks.manifest import register

LICENCE = "MIT (weights begun from EfficientNet-lite0, Apache 2.0, and tuned on the sets that the card names)"
SHIPPED_CARD = "mask.md"
MADE_BY = "attendance train mask --variant ours --ship (see the card)"


def ship_mask(run: Path, models: Path | None = None) -> Path:
    """Copy the run's network into ``models`` (default: the program's own) and register it; return its path.

    Raises NotFoundError if the run isn't finished.
    """
    if not (run / NETWORK_FILE).exists():
        raise MaskRunUnfinished(run=run, file=NETWORK_FILE)
    if read_fit(run).stopped_early:
        raise RunStopped(run=run)
    target = Path(shutil.copyfile(run / NETWORK_FILE, (models or bundled("models")) / NETWORK_FILE))
    register(
        target,
        licence=LICENCE,
        input="float32 n x 96 x 96 x 3, 0 to 255: levelled square about a face",
        colour_order="RGB",
        made_by=MADE_BY,
        card=SHIPPED_CARD,
    )
    return target
