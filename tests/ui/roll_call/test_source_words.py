"""A source's name for the teacher."""

import pytest

from attendance_app.ui.roll_call.source_choice import spec_words


@pytest.mark.parametrize("typed", ["rtsp://u:SECRET@host/x", "rtsp:/u:SECRET@host", "u:SECRET@host", "u:S/ECRET@host"])
def test_a_source_is_named_without_its_password(typed: str) -> None:
    assert "ECRET" not in spec_words(typed)
    assert spec_words(typed)
