"""Whether TensorFlow works, before a training reads its first picture."""

from attendance_app.lab.errors import TensorFlowBroken


def require_tensorflow() -> None:
    """Import Keras and TensorFlow. Raises TensorFlowBroken."""
    try:
        import keras  # noqa: F401
        import tensorflow  # noqa: F401
    # A library that is damaged or does not suit the processor raises what it likes.
    except Exception as error:
        raise TensorFlowBroken(cause=str(error).strip().split("\n")[0] or type(error).__name__) from error
