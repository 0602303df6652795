"""Opens trained networks in ONNX Runtime."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from attendance_app.networks.manifest import model_path

if TYPE_CHECKING:
    from onnxruntime import InferenceSession


def default_threads() -> int:
    """Threads for one network: two where there are two; on larger machines a camera and a window keep theirs."""
    return min(2, os.cpu_count() or 1)


def open_network(name: str, threads: int = 1, *, sizes: Mapping[str, int] | None = None) -> "InferenceSession":
    """Open the trained network ``name`` (a file of ``models/``) for ``threads`` threads.

    A run releases Python's lock. Its threads spin during a run, which is faster, and sleep between runs, which leaves
    the processor to others. ``sizes`` fixes dimensions that the file leaves open, by their names in it ("rows"); ONNX
    Runtime can then fuse more steps, but takes that size only. Raises ModelFileError when the file is missing or
    altered.
    """
    return open_unlisted(model_path(name), threads, sizes=sizes)


def open_unlisted(
    network: Path | bytes, threads: int = 1, *, sizes: Mapping[str, int] | None = None
) -> "InferenceSession":
    """Open a network that the manifest doesn't know: the file of a training, or the content of such a file."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    # One step of the graph at a time: the steps follow one another, so only threads inside a step help.
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.force_spinning_stop", "1")
    options.log_severity_level = 3
    for size, value in (sizes or {}).items():
        options.add_free_dimension_override_by_name(size, value)
    return onnxruntime.InferenceSession(
        network if isinstance(network, bytes) else str(network), options, providers=["CPUExecutionProvider"]
    )
