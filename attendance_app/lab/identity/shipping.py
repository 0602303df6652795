"""From a backbone's run folder to the program's models: the network with its list of seen people, the calibrated
model of its embeddings, and their entries in the manifest."""

import shutil
from pathlib import Path

from attendance_app.config.paths import bundled
from attendance_app.lab.errors import BackboneRunUnfinished, RunStopped
from attendance_app.lab.identity.run_report import stopped_early
from attendance_app.networks.identity_input import CARD, NETWORK, PARAMETERS
from attendance_app.networks.manifest import register

LICENCE = "MIT (weights learnt from LFW and other research pictures, and from dlib's CC0 encoder as the teacher)"
MADE_BY = "attendance train identity --variant ours (see the card)"


def ship_identity(run: Path, models: Path | None = None) -> list[Path]:
    """Copy the run's files into ``models`` (default: the program's own) and register them; return their paths.

    Raises NotFoundError if the run isn't finished, RunStopped if its user has stopped it.
    """
    target = models or bundled("models")
    for name in (NETWORK, PARAMETERS):
        if not (run / name).exists():
            raise BackboneRunUnfinished(run=run, file=name)
    if stopped_early(run):
        raise RunStopped(run=run)
    network, parameters = (Path(shutil.copyfile(run / name, target / name)) for name in (NETWORK, PARAMETERS))
    about = {"licence": LICENCE, "made_by": MADE_BY, "card": CARD}
    register(network, input="float32 n x 64 x 64 x 3, 0 to 255: the middle of a face chip", colour_order="RGB", **about)
    register(parameters, input="float32 n x 128: embeddings of " + NETWORK, colour_order="none", **about)
    return [network, parameters]
