"""Trained files in ``models/`` by name."""

from typing import Final

ENCODER: Final = "dlib-face-encoder.onnx"
DETECTOR: Final = "dlib-face-detector.onnx"
HOG_DETECTOR: Final = "dlib-hog-detector.svm"
FINDER: Final = "centerface.onnx"
