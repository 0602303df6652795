"""Classroom attendance by camera."""

import os

# ONNX Runtime reads this once, when it is imported: without it, it reports the machine and the program's path to its
# maker and keeps a device id in the user's cache folder. Child processes inherit it.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

# NumPy's and OpenCV's linear algebra, read when they are imported. Our products are of a few dozen rows: a second
# thread costs more than it gives, up to 4 s of processor time in a session of 20 s. Whoever trains may ask for more.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
