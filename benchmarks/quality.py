"""How recognition suffers from small, blurred, dark and turned faces: where the quality gate's numbers come from.

``python -m benchmarks.quality [--images DIR] [--people N]``, DIR a folder of one folder a person as in LFW.
Prints one line a condition: what the quality gate measures, the distance to the person's own template mean, and two
error rates at one threshold: own template missed, and somebody else's template nearer than the threshold. The
threshold is the one at which 1 % of the unspoilt probes come too near to somebody else's.
"""

import argparse
import itertools
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.faces import Box, Image, Quality
from attendance_app.vision.align import Aligner
from attendance_app.vision.detect import open_detector
from attendance_app.vision.encode import Encoder
from attendance_app.vision.photo import load_photo
from attendance_app.vision.quality import assess

# As docs/adr/0021 reports it: a template is the mean of three photos.
GALLERY, PROBES = 3, 3
SHARED = Path(os.environ.get("ATTENDANCE_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))


@dataclass(frozen=True, slots=True)
class Face:
    """A picture and where its face is."""

    image: Image
    box: Box


Spoil = Callable[[Face], Face]


@dataclass(frozen=True, slots=True)
class Probe:
    """What came of one face in one condition; ``owner`` is the person's place in the gallery."""

    condition: str
    owner: int
    quality: Quality
    encoding: NDArray[np.float32]


def sized(width: int) -> Spoil:
    """Scale the picture so that the face's box is ``width`` pixels wide."""

    def spoil(face: Face) -> Face:
        factor = width / face.box.width
        method = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
        box = face.box
        edges = (round(edge * factor) for edge in (box.left, box.top, box.right, box.bottom))
        return Face(cv2.resize(face.image, None, fx=factor, fy=factor, interpolation=method), Box(*edges))  # type: ignore[arg-type]

    return spoil


def blurred(percent: float) -> Spoil:
    """Gaussian blur; sigma in percent of the face's width."""
    return lambda face: Face(cv2.GaussianBlur(face.image, (0, 0), percent * face.box.width / 100), face.box)  # type: ignore[arg-type]


def smeared(percent: float) -> Spoil:
    """Horizontal motion blur over so many percent of the face's width."""
    return lambda face: Face(cv2.blur(face.image, (max(1, round(percent * face.box.width / 100)), 1)), face.box)  # type: ignore[arg-type]


def shaken(percent: float) -> Spoil:
    """Vertical motion blur over so many percent of the face's width."""
    return lambda face: Face(cv2.blur(face.image, (1, max(1, round(percent * face.box.width / 100)))), face.box)  # type: ignore[arg-type]


def exposed(gain: float) -> Spoil:
    """Less or more light, with sensor noise of two grey levels."""

    def spoil(face: Face) -> Face:
        # Noise is added after the gain: a dim picture has as much of it, so that less of the face is left.
        noise = np.random.default_rng(face.image.size).normal(0, 2, face.image.shape)
        return Face(np.clip(face.image * gain + noise, 0, 255).astype(np.uint8), face.box)

    return spoil


def in_class(width: int) -> Spoil:
    """As in the composed class videos: small, a little blurred and dimmed."""

    def spoil(face: Face) -> Face:
        small = sized(width)(face)
        soft = cv2.GaussianBlur(small.image, (0, 0), 0.8)
        return Face((soft * 0.7).astype(np.uint8), small.box)

    return spoil


CONDITIONS: dict[str, Spoil] = (
    {"as it is": lambda face: face}
    | {f"{width} px wide": sized(width) for width in (80, 60, 50, 45, 40, 35, 30, 25, 20)}
    | {f"blur {percent} %": blurred(percent) for percent in (1, 2, 3, 4, 5, 6, 8)}
    | {f"40 px, blur {percent} %": (lambda face, p=percent: blurred(p)(sized(40)(face))) for percent in (2, 3, 4)}
    | {f"smear {percent} %": smeared(percent) for percent in (5, 8, 12, 16, 20)}
    | {f"shake {percent} %": shaken(percent) for percent in (5, 8, 12, 16)}
    | {f"light x {gain}": exposed(gain) for gain in (0.5, 0.25, 0.15, 0.1, 0.06, 0.04, 0.025, 1.5, 2.0, 3.0, 4.0, 6.0)}
    | {f"class, {width} px": in_class(width) for width in (200, 100, 60, 50)}
)


SOFT = {"blur", "smear", "shake"}


class Measurer:
    """Faces to qualities and encodings."""

    def __init__(self) -> None:
        self._detector, self._aligner, self._encoder = open_detector("hog"), Aligner(), Encoder(threads=1)

    def central_face(self, file: Path) -> Face | None:
        """LFW's person is in the middle; other faces in the picture are strangers."""
        image = load_photo(file)
        middle = np.array(image.shape[1::-1]) / 2
        for found in self._detector.detect(image):
            if np.abs(np.array(found.box.center) - middle).max() < 0.15 * image.shape[0]:
                return Face(image, found.box)
        return None

    def measure(self, faces: Sequence[Face]) -> Iterator[tuple[Quality, NDArray[np.float32]]]:
        chips, qualities = [], []
        for face in faces:
            landmarks = self._aligner.landmarks(face.image, [face.box])
            chips.append(self._aligner.chips(face.image, landmarks)[0])
            qualities.append(assess(face.image, face.box, landmarks[0]))
        return zip(qualities, self._encoder.encode(np.stack(chips)), strict=True)


def collect(folders: Iterable[Path], measurer: Measurer) -> tuple[NDArray[np.float32], list[Probe]]:
    """Return template means (people x 128) and all probes."""
    means: list[NDArray[np.float32]] = []
    probes: list[Probe] = []
    for folder in folders:
        faces = [face for file in sorted(folder.glob("*.jpg")) if (face := measurer.central_face(file))]
        if len(faces) < GALLERY + PROBES:
            continue
        owner = len(means)
        means.append(np.mean([encoding for _, encoding in measurer.measure(faces[:GALLERY])], axis=0))
        for condition, spoil in CONDITIONS.items():
            spoilt = [spoil(face) for face in faces[GALLERY : GALLERY + PROBES]]
            probes += [Probe(condition, owner, *each) for each in measurer.measure(spoilt)]
        rest = faces[GALLERY + PROBES :]
        if rest:
            probes += [Probe("others as they are", owner, *each) for each in measurer.measure(rest)]
    return np.stack(means), probes


def distances(means: NDArray[np.float32], probes: Sequence[Probe]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return each probe's distance to its own template mean and to the nearest of the others."""
    encodings = np.stack([probe.encoding for probe in probes])
    every = np.linalg.norm(encodings[:, None].astype(np.float64) - means[None], axis=2)
    owners = np.array([probe.owner for probe in probes])
    own = every[np.arange(len(probes)), owners]
    # Out of the way, so that the least of a row is the nearest other person.
    every[np.arange(len(probes)), owners] = np.inf
    return own, every.min(axis=1)


def print_line(name: str, chosen: Sequence[Probe], means: NDArray[np.float32], threshold: float) -> None:
    own, other = distances(means, chosen)
    qualities = [probe.quality for probe in chosen]
    width, sharpness, light, yaw, score = (
        float(np.median([getattr(quality, part) for quality in qualities]))
        for part in ("width_px", "sharpness", "brightness", "yaw", "score")
    )
    refused = np.mean([quality.flaw is not None for quality in qualities])
    print(
        f"{name:24} {len(chosen):5} {width:5.0f} {sharpness:9.4f} {light:6.3f} {yaw:5.2f} {score:6.2f}"
        f" {np.median(own):8.3f} {(own >= threshold).mean():7.1%} {(other < threshold).mean():7.1%} {refused:8.1%}"
    )


def print_bins(
    part: str, edges: Sequence[float], probes: Sequence[Probe], *, means: NDArray[np.float32], threshold: float
) -> None:
    """Print the same by what the gate sees instead of by what was done to the picture."""
    values = np.array([getattr(probe.quality, part) for probe in probes])
    for low, high in itertools.pairwise(edges):
        chosen = [probe for probe, value in zip(probes, values, strict=True) if low <= value < high]
        # Rates of fewer faces say nothing.
        if len(chosen) >= 10:
            print_line(f"{part} {low:g}-{high:g}", chosen, means, threshold)


def report(means: NDArray[np.float32], probes: Sequence[Probe]) -> None:
    plain = [probe for probe in probes if probe.condition == "as it is"]
    threshold = float(np.quantile(distances(means, plain)[1], 0.01))
    print(f"{len(means)} people, {GALLERY} photos each; threshold {threshold:.3f}\n")
    print(f"{'':24} faces width sharpness  light   yaw  score distance  missed   wrong  refused")
    for condition in [*CONDITIONS, "others as they are"]:
        print_line(condition, [probe for probe in probes if probe.condition == condition], means, threshold)
    natural = [probe for probe in probes if "as they are" in probe.condition or probe.condition == "as it is"]
    soft = [probe for probe in probes if SOFT & set(probe.condition.split())] + natural
    lit = [probe for probe in probes if probe.condition.startswith("light")] + natural
    tables = (
        ("yaw", [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.5], natural),
        ("sharpness", [0, 0.001, 0.0015, 0.002, 0.0025, 0.003, 0.004, 0.005, 0.007, 0.01, 0.014, 0.02, 0.03, 9], soft),
        ("brightness", [0, 0.02, 0.03, 0.04, 0.06, 0.08, 0.1, 0.15, 0.3, 0.6, 0.8, 0.85, 0.9, 0.95, 1.01], lit),
        ("score", [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01], probes),
    )
    for part, edges, chosen in tables:
        print()
        print_bins(part, edges, chosen, means=means, threshold=threshold)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=Path, default=SHARED / "lfw-original")
    parser.add_argument("--people", type=int, default=77, help="at most so many people with at least 8 pictures")
    options = parser.parse_args()
    folders = [folder for folder in sorted(options.images.iterdir()) if len(list(folder.glob("*.jpg"))) >= 8]
    report(*collect(folders[: options.people], Measurer()))


if __name__ == "__main__":
    main()
