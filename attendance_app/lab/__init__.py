"""The laboratory: what makers of networks need, and the extra ``lab`` installs. The program runs without it."""

import os

# TensorFlow's C++ code writes to the terminal as soon as it is loaded; what goes wrong is raised as well.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
