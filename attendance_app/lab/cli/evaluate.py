"""``attendance evaluate``: how well this product recognises, measured on the user's own folders."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from attendance_app.bootstrap import open_reader
from attendance_app.cli.output import Json, print_json
from attendance_app.cli.progress import TerminalJob
from attendance_app.lab.cli.evaluate_identity import evaluate_identity
from attendance_app.lab.cli.evaluate_mask import evaluate_mask
from attendance_app.lab.cli.evaluate_masked import evaluate_masked
from attendance_app.lab.cli.evaluate_tracks import evaluate_tracks

if TYPE_CHECKING:
    from attendance_app.lab.evaluation.gallery import GalleryReport, OpenSetRates
    from attendance_app.lab.evaluation.pairs import PairReport, ThresholdRates
    from attendance_app.services.rates import Rate

app = typer.Typer(help="Measure accuracy on folders of pictures.", no_args_is_help=True)
app.command("mask")(evaluate_mask)
app.command("identity")(evaluate_identity)
app.command("masked")(evaluate_masked)
app.command("tracks")(evaluate_tracks)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
# Without auto: the published figures are of these two (docs/adr/0012).
DetectorOption = Annotated[Literal["hog", "cnn"], typer.Option(help="Which detector looks for faces.")]


@app.command()
def pairs(
    images: Annotated[
        Path, typer.Option(help="Folder of pictures, NAME/NAME_0001.jpg, or scikit-learn's data folder.")
    ],
    pairs_file: Annotated[
        Path | None,
        typer.Option("--pairs", help="LFW's pairs.txt (View 2, by default that of the folder) or pairsDevTest.txt."),
    ] = None,
    fit: Annotated[
        Path | None, typer.Option(help="Pairs to choose the threshold with, as View 1's pairsDevTrain.txt.")
    ] = None,
    score: Annotated[
        Literal["distance", "plda"],
        typer.Option(help="Euclidean distance, or the product's own score, which was fitted on LFW people."),
    ] = "distance",
    detector: DetectorOption = "hog",
    as_json: AsJson = False,
) -> None:
    """Verification of pairs by LFW's protocols: accuracy, equal error rate, FMR and FNMR.

    With several folds, each is judged at the threshold that is best on the others; standard_error is that of their
    mean. Encodings are the mean of face and mirror image. A picture without a face is taken by its middle and counted.
    """
    from attendance_app.lab.evaluation.pairs import (
        PUBLISHED_VIEW_2,
        Score,
        evaluate_pairs,
        is_view_2,
        pairs_beside,
        read_pairs,
    )
    from attendance_app.lab.identity.data import people_root

    images = people_root(images)
    listed = read_pairs(pairs_file or pairs_beside(images), images)
    fitted = read_pairs(fit, images) if fit else None
    with TerminalJob("Encoding") as job:
        report = evaluate_pairs(open_reader(detector), listed, Score(score), job=job, fit=fitted)
    document = _pairs_document(report)
    if as_json:
        print_json(document)
        return
    spread = "" if report.standard_error is None else f" ± {report.standard_error:.2%} (standard error)"
    typer.echo(f"{report.pairs} pairs, score {score}: accuracy {report.accuracy:.2%}{spread}")
    if is_view_2(listed):
        typer.echo(f"dlib's author gives {PUBLISHED_VIEW_2:.2%} for the encoder on these pairs, as the report does")
    typer.echo(f"threshold from {report.threshold_from}; equal error rate {report.equal_error_rate:.2%}")
    for line in report.at_fmr:
        typer.echo(f"at {line.threshold:.3f}: FMR {line.fmr.value:.2%}, FNMR {line.fnmr.value:.2%}")
    typer.echo(f"{len(report.without_face)} of {report.pictures} pictures without a face, taken by their middle")


@app.command()
def gallery(
    enrol: Annotated[Path, typer.Option(help="A folder per student with the photos to enrol.")],
    probe: Annotated[Path, typer.Option(help="A folder per student, same names, with other photos of them.")],
    strangers: Annotated[Path, typer.Option(help="Pictures of other people, in any folders.")],
    detector: DetectorOption = "hog",
    as_json: AsJson = False,
) -> None:
    """Open-set recognition, one picture as one frame: DIR, wrong identities and FPIR with 95 % intervals.

    product: the product's own decision at its default threshold (a probability). product_curve and product_at_fpir:
    at other thresholds. stock: nearest photo by distance, as face_recognition does, on the same encodings.
    A picture without a face, or that can't be read, counts as not named and is listed under failures.
    """
    from attendance_app.lab.evaluation.gallery import GalleryFolders, evaluate_gallery

    with TerminalJob("Encoding") as job:
        report = evaluate_gallery(open_reader(detector), GalleryFolders(enrol, probe, strangers), job=job)
    if as_json:
        print_json(_gallery_document(report))
        return
    probes, others = len(report.probes.files), len(report.strangers.files)
    typer.echo(f"{report.students} students, {probes} probes, {others} pictures of strangers")
    _print_rates(f"product, probability {report.product.threshold:g}", report.product)
    # Three of five lines are enough to read; --json has all.
    for rates in report.stock_curve[::2]:
        _print_rates(f"nearest photo, distance {-rates.threshold:g}", rates)
    for path in report.not_enrolled:
        typer.echo(f"not enrolled, left out: {path}", err=True)


def _print_rates(title: str, rates: "OpenSetRates") -> None:
    shown = (("named right", rates.dir), ("wrong", rates.wrong_identity), ("strangers named", rates.fpir))
    parts = [
        f"{name} {rate.value:.2%} ({rate.count}/{rate.total}; {rate.interval[0]:.2%} to {rate.interval[1]:.2%})"
        for name, rate in shown
    ]
    typer.echo(f"{title}: {', '.join(parts)}")


def _rate(rate: "Rate") -> Json:
    return {"rate": rate.value, "count": rate.count, "total": rate.total, "interval_95": list(rate.interval)}


def _open_set(rates: "OpenSetRates", sign: float = 1.0) -> dict[str, Json]:
    return {
        "threshold": sign * rates.threshold,
        "dir": _rate(rates.dir),
        "fpir": _rate(rates.fpir),
        "wrong_identity": _rate(rates.wrong_identity),
    }


def _gallery_document(report: "GalleryReport") -> Json:
    from attendance_app.lab.evaluation.gallery import FALSE_RATES, failures

    return {
        "students": report.students,
        "students_without_template": list(report.students_without_template),
        "probes": len(report.probes.files),
        "strangers": len(report.strangers.files),
        "not_enrolled": list(report.not_enrolled),
        **_open_set(report.product),
        "product_curve": [_open_set(rates) for rates in report.product_curve],
        "product_at_fpir": _at(FALSE_RATES, report.product_at_fpir, sign=1.0),
        "stock_curve": [_open_set(rates, -1.0) for rates in report.stock_curve],
        "stock_at_fpir": _at(FALSE_RATES, report.stock_at_fpir, sign=-1.0),
        "failures": {
            "enrol": failures(report.enrolled),
            "probe": failures(report.probes),
            "strangers": failures(report.strangers),
        },
    }


def _at(shares: tuple[float, ...], curve: "tuple[OpenSetRates, ...]", *, sign: float) -> Json:
    return [{"fpir_at_most": share, **_open_set(rates, sign)} for share, rates in zip(shares, curve, strict=True)]


def _pairs_document(report: "PairReport") -> Json:
    return {
        "score": report.score.value,
        "pairs": report.pairs,
        "same": report.same,
        "accuracy": report.accuracy,
        "standard_error": report.standard_error,
        "threshold_from": report.threshold_from,
        "equal_error_rate": report.equal_error_rate,
        "folds": [{"threshold": fold.threshold, "accuracy": fold.accuracy} for fold in report.folds],
        "at_thresholds": [_verification(rates) for rates in report.at_thresholds],
        "at_fmr": [_verification(rates) for rates in report.at_fmr],
        "pictures": report.pictures,
        "pictures_without_face": [str(path) for path in report.without_face],
        "pictures_unreadable": [str(path) for path in report.unreadable],
    }


def _verification(rates: "ThresholdRates") -> Json:
    return {"threshold": rates.threshold, "fmr": _rate(rates.fmr), "fnmr": _rate(rates.fnmr)}
