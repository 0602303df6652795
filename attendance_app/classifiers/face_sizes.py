"""What the size of a face in its picture does to its encoding, and to what a score means.

In the space of a fitted PLDA (``classifiers/plda.py``) all small faces lie off in one direction, and pictures of one
person differ more: the encoding is ``person + shift + photo`` with ``photo ~ N(0, 1 / worth)``. Shift, worth and the
calibration of the scores are measured at some sizes and interpolated between them over the logarithm of the size.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from attendance_app.classifiers.errors import MatcherUnreadable

FORMAT = 2
"""Version of the parameter file; a file of another version is refused."""
STEPS = 8
"""Sizes are rounded to so many a doubling, 9 % apart, so that scores of many faces share their tables."""
USUAL_PHOTOS, FEWEST_PHOTOS, MOST_PHOTOS = 3, 1, 6
"""Photos of a student for which the calibration stands, and the least and most to which it is carried over."""
MEASURED_LOOKS = 12
"""Looks of a track for which ``track_changes`` were measured: three seconds."""
DOUBT, SURE = float(np.log(0.9 / 0.1)), float(np.log(0.95 / 0.05))
"""Log odds up to which nothing is taken off, so that doubts keep their probability; and those of the default rule
(``classifiers/thresholds.py``), at which caution is counted in full."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class ScoreCalibration:
    """What makes log odds of a probe's ratios to students: ``scale``, ``offset`` and ``bend`` (students,) as in
    ``plda.calibrated``, and the ``caution`` (students,) with which a student is named (see ``cautious``)."""

    scale: Floats
    offset: Floats
    bend: Floats
    caution: Floats


@dataclass(frozen=True, slots=True, eq=False)
class FaceSizes:
    """The fitted sizes, for an encoder's model with d dimensions.

    ``encoder_id``: the network whose encodings these are. ``sizes`` (k,): widths of faces in pixels, ascending; larger
    faces count as the last, smaller ones as the first. ``shifts`` (k, d); ``worths`` (k,): how many photos of the last
    size a photo is worth. ``track_correlation`` (k,): share of the photo's variance which all pictures of one track
    have in common. ``far_shares`` (k,): share of the photos' encodings as from afar in the templates, by the size of
    the probe; ``far_shift`` (d,): by how much those lie off. ``template_sizes`` (m,): sizes of templates.
    ``calibration`` (k, m, 2, 4): scale, offset, bend and caution for a student of three photos and one look, and what
    each changes with the logarithm of their number; ``track_changes`` (k, 4): what each changes for the mean of
    ``MEASURED_LOOKS`` looks of one track.
    """

    encoder_id: str
    sizes: Floats
    shifts: Floats
    worths: Floats
    track_correlation: Floats
    far_shares: Floats
    far_shift: Floats
    template_sizes: Floats
    calibration: Floats
    track_changes: Floats

    @classmethod
    def load(cls, path: Path) -> "FaceSizes":
        """Read a parameter file; raise MatcherUnreadable if it is not one."""
        try:
            with np.load(path, allow_pickle=False) as file:
                if int(file["format"]) != FORMAT:
                    raise ValueError(f"format {file['format']}")
                arrays = {name: np.asarray(file[name], dtype=np.float64) for name in _ARRAYS}
                return cls(str(file["encoder_id"]), **arrays)
        except (OSError, ValueError, KeyError) as error:
            raise MatcherUnreadable(file=path.name, cause=str(error)) from error

    def save(self, path: Path) -> None:
        """Write the parameter file; the same parameters give the same bytes."""
        arrays = {name: getattr(self, name) for name in _ARRAYS}
        np.savez(path, format=np.int64(FORMAT), encoder_id=np.str_(self.encoder_id), **arrays)

    def rounded(self, face_px: ArrayLike) -> Floats:
        """Return sizes of faces, any shape, as they are scored: rounded, within those measured, NaN as the largest."""
        sizes = np.asarray(face_px, dtype=np.float64)
        within = np.clip(np.where(np.isnan(sizes), self.sizes[-1], sizes), self.sizes[0], self.sizes[-1])
        steps = np.round(np.log2(within) * STEPS) / STEPS
        rounded: Floats = np.clip(np.exp2(steps), self.sizes[0], self.sizes[-1])
        return rounded

    def shift(self, face_px: Floats) -> Floats:
        """Return by how much projected encodings of faces of these sizes (n,) lie off, (n, d)."""
        return _between(self.sizes, self.shifts, face_px)

    def worth(self, face_px: Floats, counts: ArrayLike = 1) -> Floats:
        """Return how many photos the means of ``counts`` pictures of one track each are worth, (n,)."""
        common = _between(self.sizes, self.track_correlation, face_px)
        # With a share c of the variance in common, the variance of the mean is c + (1 - c) / count of it.
        spread = common + (1.0 - common) / np.maximum(counts, 1)
        worth: Floats = _between(self.sizes, self.worths, face_px) / spread
        return worth

    def far_share(self, face_px: float) -> float:
        """Return what share of the templates of a probe of this size are their encodings as from afar."""
        return float(_between(self.sizes, self.far_shares, np.array([face_px]))[0])

    def calibrated_for(
        self, face_px: float, template_px: Floats, photos: Floats, *, looks: int = 1
    ) -> ScoreCalibration:
        """Return the calibration of a probe, the mean of ``looks`` of a track, against students with so many ``photos``
        (s,) of the size ``template_px`` (s,)."""
        of_probe = _between(self.sizes, self.calibration, np.array([face_px]))[0]
        usual, change = _between(self.template_sizes, of_probe, template_px).transpose(1, 0, 2)
        number = np.log(np.clip(photos, FEWEST_PHOTOS, MOST_PHOTOS) / USUAL_PHOTOS)
        # What looks do not share falls with their number, and what they say grows as that falls. Squared: in proportion
        # two looks named 0.2 % of the strangers at 24 pixels.
        gained = ((1.0 - 1.0 / min(max(looks, 1), MEASURED_LOOKS)) / (1.0 - 1.0 / MEASURED_LOOKS)) ** 2
        of_track = gained * _between(self.sizes, self.track_changes, np.array([face_px]))
        scale, offset, bend, caution = (usual + change * number[:, np.newaxis] + of_track).T
        return ScoreCalibration(scale, offset, bend, np.maximum(caution, 0.0))


def cautious(log_odds: Floats, caution: Floats) -> Floats:
    """Return how much to take off posterior log odds of naming somebody, any shape.

    Nothing up to ``DOUBT``, and ``caution`` from where the rest is the default rule's. Of small faces a well calibrated
    95 % names more strangers than a register can bear; this asks for more without making doubts look like certainty.
    """
    taken: Floats = caution * np.clip((log_odds - DOUBT) / (SURE + caution - DOUBT), 0.0, 1.0)
    return taken


def _between(sizes: Floats, values: Floats, face_px: Floats) -> Floats:
    """Interpolate values (k, ...), measured at ``sizes`` (k,), at sizes (n,): (n, ...)."""
    places = np.interp(np.log(face_px), np.log(sizes), np.arange(len(sizes)))
    below = np.clip(places.astype(np.intp), 0, len(sizes) - 2)
    share = (places - below).reshape(-1, *[1] * (values.ndim - 1))
    interpolated: Floats = (1 - share) * values[below] + share * values[below + 1]
    return interpolated


_ARRAYS = (
    "sizes",
    "shifts",
    "worths",
    "track_correlation",
    "far_shares",
    "far_shift",
    "template_sizes",
    "calibration",
    "track_changes",
)
