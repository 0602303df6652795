import pickle
from pathlib import Path

import pytest

from attendance_app.training.mask.pretrained import read_legacy_weights


def test_a_file_of_weights_that_wants_to_run_something_is_refused(tmp_path: Path):
    bad = tmp_path / "weights.pth"
    with bad.open("wb") as file:
        for header in (1, 2, {}):
            pickle.dump(header, file, protocol=2)
        pickle.dump(Path, file, protocol=2)
    with pytest.raises(pickle.UnpicklingError, match="no place"):
        read_legacy_weights(bad)
