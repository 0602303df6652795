"""Whether TensorFlow works, and on what it computes, before a training reads its first picture."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from attendance_app.lab.errors import TensorFlowBroken
from attendance_app.services.doctor.tensorflow import tensorflow_gpus

PROCESSOR = "CPU"


def require_tensorflow() -> tuple[str, ...]:
    """Import Keras and TensorFlow; return the GPUs that TensorFlow computes on by their names, or CPU.

    It uses every GPU that it sees, without being told. Raises TensorFlowBroken.
    """
    try:
        with silent_errors():
            import keras  # noqa: F401
            import tensorflow  # noqa: F401

            return tensorflow_gpus() or (PROCESSOR,)
    # A library that is damaged or does not suit the processor raises what it likes.
    except Exception as error:
        raise TensorFlowBroken(cause=str(error).strip().split("\n")[0] or type(error).__name__) from error


@contextmanager
def silent_errors() -> Iterator[None]:
    """Drop what compiled code writes to standard error, which Python can't catch.

    TensorFlow says there which instructions it uses and which GPU libraries it misses, whatever
    ``TF_CPP_MIN_LOG_LEVEL`` asks for, since it does so before that is read.
    """
    kept, nothing = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nothing)
