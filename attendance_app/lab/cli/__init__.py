"""The laboratory's commands: ``train``, ``evaluate``, ``dataset`` and ``models build``.

Their modules import what computes inside the functions, so that ``--help`` waits for no NumPy, Keras or ONNX.
"""
