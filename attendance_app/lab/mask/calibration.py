"""How sure the mask network may say it is: one temperature and the threshold of "unsure", from validation faces.

Temperature scaling: Guo, Pleiss, Sun and Weinberger, "On calibration of modern neural networks", ICML 2017.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.classification import softmax
from attendance_app.lab.mask.faces import INDEPENDENT, MaskFaces
from attendance_app.lab.mask.unsure import unsure_threshold

# Evenly spaced as ratios: a temperature divides. Below 1 it makes answers surer, above 1 less sure.
TEMPERATURES = np.geomspace(0.3, 4.0, 80)
LIGHTS = (1.0, 0.5, 1.5)
"""Factors on the pixels: a network is calibrated for a dim and a glaring room too."""


@dataclass(frozen=True, slots=True)
class MaskCalibration:
    """``temperature`` divides the logits; below ``least_probability`` the answer is "unsure"."""

    temperature: float
    least_probability: float


def calibration_members(faces: MaskFaces, validation: NDArray[np.intp]) -> NDArray[np.intp]:
    """Those of the validation faces that calibrate: from real photographs from elsewhere, if there are any.

    On the report's own crops the network is right far more often than anywhere else.
    """
    elsewhere = [index for index in validation.tolist() if faces.families[index].startswith(INDEPENDENT)]
    return np.array(elsewhere, dtype=np.intp) if elsewhere else validation


def calibrate(logits: NDArray[np.float32], faces: MaskFaces, members: NDArray[np.intp]) -> MaskCalibration:
    """Calibrate on ``logits`` (lights, images, n, 3): each member in each light, as it is and mirrored.

    As in use, the answer for a picture is the mean over its boxes and mirror images.
    """
    names, firsts, owners = np.unique([faces.names[index] for index in members], return_index=True, return_inverse=True)
    truth = np.tile(faces.labels[members[firsts]], len(logits))

    def answers(temperature: float) -> NDArray[np.float64]:
        each = softmax(logits.reshape(-1, logits.shape[-1]), temperature=temperature).reshape(logits.shape).mean(axis=1)
        means = [[one[owners == name].mean(axis=0) for name in range(len(names))] for one in each]
        return np.asarray(means).reshape(-1, logits.shape[-1])

    # The mean negative log likelihood; 1e-12 keeps an answer of 0 from being infinitely wrong.
    losses = [-np.log(answers(t)[np.arange(len(truth)), truth] + 1e-12).mean() for t in TEMPERATURES.tolist()]
    temperature = float(TEMPERATURES[int(np.argmin(losses))])
    return MaskCalibration(temperature, unsure_threshold(answers(temperature), truth))
