"""dlib's published networks, rebuilt as ONNX."""
