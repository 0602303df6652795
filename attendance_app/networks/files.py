"""Trained files in ``models/`` by name."""

from typing import Final

ENCODER: Final = "dlib-face-encoder.onnx"
DETECTOR: Final = "dlib-face-detector.onnx"
HOG_DETECTOR: Final = "dlib-hog-detector.svm"
FIVE_POINTS: Final = "shape_predictor_5_face_landmarks.dat"
FINDER: Final = "centerface.onnx"
