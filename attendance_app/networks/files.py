"""Trained files in ``models/`` by name, and the folder of the user's own networks."""

from typing import Final

ENCODER: Final = "dlib-face-encoder.onnx"
DETECTOR: Final = "dlib-face-detector.onnx"
HOG_DETECTOR: Final = "dlib-hog-detector.svm"
FIVE_POINTS: Final = "shape_predictor_5_face_landmarks.dat"
FINDER: Final = "centerface.onnx"
OWN_NETWORKS: Final = "networks"
"""In the data folder (docs/adr/0074)."""
