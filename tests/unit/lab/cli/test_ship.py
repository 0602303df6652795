"""``--ship`` with what never goes into the program's models is refused before anything is trained."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from attendance_app.cli.errors import CourseNotShipped
from attendance_app.cli.main import app
from attendance_app.lab.errors import NothingToShip, RunStopped
from attendance_app.lab.identity.report import IdentityReportTraining
from attendance_app.lab.identity.shipping import ship_identity
from attendance_app.lab.mask.report import MaskReportTraining
from attendance_app.lab.runs import RunFolder
from attendance_app.networks.identity_input import NETWORK, PARAMETERS


def _refused(*arguments: str) -> BaseException:
    outcome = CliRunner().invoke(app, ["train", *arguments, "--ship"])
    assert outcome.exception is not None
    return outcome.exception


@pytest.mark.parametrize("network", ["mask", "identity"])
def test_the_reports_variants_are_not_shipped(tmp_path: Path, network: str) -> None:
    out = tmp_path / "run"

    error = _refused(network, "--variant", "report", "--data", str(tmp_path), "--out", str(out))

    assert isinstance(error, NothingToShip)
    assert error.variant == "report"
    assert not out.exists()


@pytest.mark.parametrize(
    ("network", "task"),
    [
        ("mask", lambda out: MaskReportTraining(data=out.parent, out=out)),
        ("identity", lambda out: IdentityReportTraining(data=out.parent, out=out, variant=2)),
    ],
)
def test_a_run_of_the_report_that_is_gone_on_with_is_not_shipped_either(tmp_path, network, task) -> None:
    begun = task(tmp_path / "run")
    RunFolder.create(begun.out, config={}, seed=0, task=begun).checkpoint.write_bytes(b"an epoch")

    assert isinstance(_refused(network, "--resume", str(begun.out)), NothingToShip)


def test_a_course_is_not_shipped() -> None:
    assert isinstance(_refused("identity", "--course", "ALG-1"), CourseNotShipped)


def test_a_backbone_whose_training_was_stopped_is_not_shipped(tmp_path: Path) -> None:
    for name in (NETWORK, PARAMETERS):
        (tmp_path / name).write_bytes(b"a file")
    (tmp_path / "backbone.json").write_text('{"stopped_early": true}')
    target = tmp_path / "models"
    target.mkdir()

    with pytest.raises(RunStopped):
        ship_identity(tmp_path, target)
    assert not list(target.iterdir())
