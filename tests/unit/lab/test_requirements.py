"""What a training asks of TensorFlow before it begins."""

import os
import sys
from types import SimpleNamespace

import pytest

from attendance_app.lab.errors import TensorFlowBroken
from attendance_app.lab.requirements import require_tensorflow, silent_errors


def test_without_a_gpu_it_is_the_processor() -> None:
    assert require_tensorflow() == ("CPU",)


def test_gpus_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    config = SimpleNamespace(
        list_physical_devices=lambda _kind: [SimpleNamespace(name="/physical_device:GPU:0")],
        experimental=SimpleNamespace(get_device_details=lambda _gpu: {"device_name": "A graphics card"}),
    )
    monkeypatch.setitem(sys.modules, "tensorflow", SimpleNamespace(config=config))

    assert require_tensorflow() == ("A graphics card",)


def test_a_tensorflow_that_does_not_load_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tensorflow", None)

    with pytest.raises(TensorFlowBroken, match="tensorflow"):
        require_tensorflow()


def test_what_compiled_code_says_meanwhile_is_dropped(capfd: pytest.CaptureFixture[str]) -> None:
    with silent_errors():
        os.write(2, b"noise")
    os.write(2, b"a message")

    assert capfd.readouterr().err == "a message"
