"""The laboratory's commands: ``train``, ``evaluate``, ``dataset`` and ``models build``."""
