"""Two-covariance PLDA: the likelihood of faces if they are of one person, over that if they are not.

An encoding is modelled as ``mean + person + photo`` with ``person ~ N(0, between)`` and ``photo ~ N(0, within)``
(Brümmer and de Villiers, "The speaker partitioning problem", Odyssey 2010). One linear map makes ``within`` the
identity and ``between`` diagonal (Ioffe, "Probabilistic linear discriminant analysis", ECCV 2006, section 3), so
that everything below is a sum over independent dimensions.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from attendance_app.classifiers.errors import MatcherUnreadable
from attendance_app.classifiers.face_sizes import FaceSizes

FORMAT = 1
"""Version of the parameter file; a file of another version is refused."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class PldaParameters:
    """The fitted matcher, with d dimensions kept of the encoder's 128.

    ``encoder_id``: the network whose encodings these are. ``mean`` (128,), ``projection`` (128, d), ``between`` (d,):
    the model in the space where a photo's own variance is 1. ``track_correlation``: share of that variance which all
    pictures of one track have in common. ``scale``, ``offset`` and ``bend`` make log odds: see ``calibrated``.
    ``sizes``: what the size of a face changes, where it was measured; it is kept in a file of its own.
    """

    encoder_id: str
    mean: Floats
    projection: Floats
    between: Floats
    track_correlation: float
    scale: float
    offset: float
    bend: float = 0.0
    sizes: FaceSizes | None = None

    @classmethod
    def load(cls, path: Path) -> "PldaParameters":
        """Read a parameter file; raise MatcherUnreadable if it is not one."""
        try:
            with np.load(path, allow_pickle=False) as file:
                if int(file["format"]) != FORMAT:
                    raise ValueError(f"format {file['format']}")
                return cls(
                    encoder_id=str(file["encoder_id"]),
                    mean=np.asarray(file["mean"], dtype=np.float64),
                    projection=np.asarray(file["projection"], dtype=np.float64),
                    between=np.asarray(file["between"], dtype=np.float64),
                    track_correlation=float(file["track_correlation"]),
                    scale=float(file["scale"]),
                    offset=float(file["offset"]),
                    bend=float(file["bend"]) if "bend" in file else 0.0,
                )
        except (OSError, ValueError, KeyError) as error:
            raise MatcherUnreadable(file=path.name, cause=str(error)) from error

    def save(self, path: Path) -> None:
        """Write the parameter file; the same parameters give the same bytes."""
        # dlib's parameters have no bend: their file was written before there was one, and keeps its bytes.
        bent: dict[str, Any] = {"bend": np.float64(self.bend)} if self.bend else {}
        np.savez(
            path,
            format=np.int64(FORMAT),
            encoder_id=np.str_(self.encoder_id),
            mean=self.mean,
            projection=self.projection,
            between=self.between,
            track_correlation=np.float64(self.track_correlation),
            scale=np.float64(self.scale),
            offset=np.float64(self.offset),
            **bent,
        )

    def project(self, encodings: ArrayLike) -> Floats:
        """Return encodings (n, 128), brought to length 1, in the model's space (n, d).

        Length normalisation makes the encodings more nearly Gaussian (Garcia-Romero and Espy-Wilson, Interspeech 2011).
        """
        faces = np.asarray(encodings, dtype=np.float64)
        lengths = np.linalg.norm(faces, axis=1, keepdims=True)
        # An encoding of zeros has no direction; it must not end in a division by zero.
        centred = faces / np.maximum(lengths, 1e-9) - self.mean
        projected: Floats = centred @ self.projection
        return projected

    def log_odds(self, ratios: Floats) -> Floats:
        """Return calibrated log odds of log likelihood ratios, any shape, before priors."""
        return calibrated(ratios, scale=self.scale, offset=self.offset, bend=self.bend)

    def effective_count(self, count: int) -> float:
        """How many independent pictures the mean over ``count`` pictures of one track is worth.

        With a share c of the variance in common, the variance of the mean is c + (1 - c) / count.
        """
        common = self.track_correlation
        return 1.0 / (common + (1.0 - common) / max(count, 1))


def calibrated(ratios: Floats, *, scale: float | Floats, offset: float | Floats, bend: float | Floats = 0.0) -> Floats:
    """Return ``scale`` x + ``offset`` + ``bend`` log(1 + exp(x)) of log likelihood ratios x.

    With a bend, evidence for a person weighs more than evidence against: a poor photo of the right person scores far
    lower than a Gaussian model expects, a photo of the wrong person hardly ever higher.
    """
    odds: Floats = scale * ratios + offset
    # ``logaddexp(0, x)`` is log(1 + exp(x)), without overflow for a large x.
    return odds + bend * np.logaddexp(0.0, ratios) if np.any(bend) else odds


@dataclass(frozen=True, slots=True, eq=False)
class Templates:
    """Students as the model sees them: ``means`` (s, d) of their projected photos, worth ``counts`` (s,) photos.

    ``photos`` (s,): the number of photos, and ``face_px`` (s,): the size in pixels that their faces stand for. Both are
    needed where the model knows sizes. ``far_means`` (s, d): of their encodings as from
    afar, where the model uses these.
    """

    means: Floats
    counts: Floats
    face_px: Floats | None = None
    photos: Floats | None = None
    far_means: Floats | None = None

    def seen_from(self, far_share: float) -> "Templates":
        """Return the templates for a probe of whose size ``far_share`` of them are as from afar."""
        if self.far_means is None or far_share == 0.0:
            return self
        return replace(self, means=(1.0 - far_share) * self.means + far_share * self.far_means)


class ScoreTable:
    """Log likelihood ratios between fixed templates and probes that are all worth ``count`` pictures."""

    def __init__(self, *, between: Floats, templates: Templates, count: float) -> None:
        # After n photos with the mean m, the person is N(n between m / (n between + 1), between / (n between + 1)); the
        # mean of ``count`` new pictures of them has a variance of 1 / count on top. A stranger is N(0, between),
        # with the same on top.
        counts = templates.counts[:, np.newaxis]
        person_mean = templates.means * (counts * between / (counts * between + 1.0))
        variance = between / (counts * between + 1.0) + 1.0 / count
        stranger_variance = between + 1.0 / count
        self._precision = 1.0 / variance
        # The logarithm of the ratio, multiplied out by powers of the probe: what does not depend on the probe is
        # summed once here, and a probe costs two matrix products.
        self._weighted_mean = person_mean * self._precision
        self._constant = 0.5 * (np.log(stranger_variance).sum() - np.log(variance).sum(axis=1))
        self._constant -= 0.5 * (person_mean * self._weighted_mean).sum(axis=1)
        self._stranger_precision = 1.0 / stranger_variance

    def ratios(self, probes: Floats) -> Floats:
        """Return log p(probe | student) - log p(probe | stranger): (t, s) for probes (t, d)."""
        squares = probes**2
        stranger = 0.5 * (squares @ self._stranger_precision)[:, np.newaxis]
        scores: Floats = stranger - 0.5 * squares @ self._precision.T + probes @ self._weighted_mean.T + self._constant
        return scores


def pair_ratios(parameters: PldaParameters, first: ArrayLike, second: ArrayLike) -> Floats:
    """Return log p(pair | one person) - log p(pair | two people), (n,), for two columns of encodings (n, 128)."""
    one, other = parameters.project(first), parameters.project(second)
    # If both are of one person, the first photo x says that the second is N(share x, share + 1), else N(0, between +
    # 1).
    share = parameters.between / (parameters.between + 1.0)
    variance, stranger_variance = share + 1.0, parameters.between + 1.0
    same = (other - one * share) ** 2 / variance + np.log(variance)
    different = other**2 / stranger_variance + np.log(stranger_variance)
    ratios: Floats = 0.5 * (different - same).sum(axis=1)
    return ratios
