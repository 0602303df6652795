"""The in-house identity network: learning a class, calibrating, measuring, shipping."""
