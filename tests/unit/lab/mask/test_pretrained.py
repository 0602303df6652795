import pickle
from pathlib import Path

import pytest

from attendance_app.lab.errors import StartingWeightsMissing, StartingWeightsUnknown
from attendance_app.lab.mask import pretrained
from attendance_app.lab.mask.pretrained import read_legacy_weights, starting_weights


def test_a_file_of_weights_that_wants_to_run_something_is_refused(tmp_path: Path):
    bad = tmp_path / "weights.pth"
    with bad.open("wb") as file:
        for header in (1, 2, {}):
            pickle.dump(header, file, protocol=2)
        pickle.dump(Path, file, protocol=2)
    with pytest.raises(pickle.UnpicklingError, match="no place"):
        read_legacy_weights(bad)


def test_the_declared_package_holds_the_known_weights():
    weights = starting_weights()
    assert weights["_conv_stem.weight"].shape == (32, 3, 3, 3)
    assert weights["_blocks.10._project_conv.weight"].shape == (112, 672, 1, 1)


def test_other_weights_under_the_same_name_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    other = tmp_path / "weights.pth"
    other.write_bytes(b"other weights")
    monkeypatch.setattr(pretrained, "weights_file", lambda: other)
    with pytest.raises(StartingWeightsUnknown):
        starting_weights()


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pretrained, "PACKAGE", "no-such-package-of-weights")
    with pytest.raises(StartingWeightsMissing, match="no-such-package-of-weights"):
        starting_weights()
