"""Trained networks as files: found, checked against the manifest, opened in ONNX Runtime."""
