"""The identity report's network of a training run: names the people whom it was trained with, in ONNX Runtime."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from attendance_app.networks.fit import CLASSES, open_checked
from attendance_app.networks.identity_input import grey_view


class PeopleClassifier:
    """Names the faces of chips. It has no answer for anybody else: one of its people is always the likeliest."""

    def __init__(self, network: Path) -> None:
        """Open a network that fits (``networks.own``). Raises NetworkUnreadable."""
        self._network = open_checked(network)
        self.names = tuple(self._network.get_modelmeta().custom_metadata_map[CLASSES].split("\n"))

    def posterior(self, chips: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Return the probabilities (n, people) of uint8 chips (n, 150, 150, 3), RGB, in the order of ``names``."""
        (answers,) = self._network.run(None, {"input": grey_view(chips)})
        return np.asarray(answers, np.float64)
