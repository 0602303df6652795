"""Classroom attendance by camera."""

import os

# ONNX Runtime reads this once, when it is imported: without it, it reports the machine and the program's path to its
# maker and keeps a device id in the user's cache folder. Child processes inherit it.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
