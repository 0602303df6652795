"""Whether TensorFlow works, which only the training of networks needs."""

import os
from importlib import import_module
from importlib.util import find_spec
from tempfile import TemporaryDirectory

from attendance_app.services.doctor.check_result import CheckResult, absent, failed, fine
from attendance_app.services.doctor.child_process import Ask, run_in_process
from attendance_app.services.doctor.errors import TensorFlowUnusable


def check_tensorflow(ask: Ask = run_in_process, *, installed: bool | None = None) -> CheckResult:
    """Import it in a process of its own; it being absent is no fault, as only the laboratory needs it."""
    name = "TensorFlow"
    if not (find_spec("tensorflow") is not None if installed is None else installed):
        return absent(name, "not installed; only the training of networks needs it")
    answer = ask(tensorflow_found)
    if answer.status:
        return failed(name, TensorFlowUnusable(), answer.said.strip().split("\n")[0])
    return fine(name, answer.said)


def tensorflow_found() -> str:
    """Import TensorFlow; return its version and the GPUs that it sees."""
    # Keras and Matplotlib, which it imports, each make a folder in the user's home; a check leaves nothing there.
    with TemporaryDirectory() as home:
        os.environ |= {"KERAS_HOME": home, "MPLCONFIGDIR": home}
        version, gpus = import_module("tensorflow").__version__, tensorflow_gpus()
    return f"{version}, {'GPU: ' + ', '.join(gpus) if gpus else 'no GPU: it computes on the processor'}"


def tensorflow_gpus() -> tuple[str, ...]:
    """Return the names of the GPUs on which TensorFlow computes; it uses those that it sees without being told."""
    config = import_module("tensorflow").config
    found = config.list_physical_devices("GPU")
    return tuple(str(config.experimental.get_device_details(one).get("device_name", one.name)) for one in found)
