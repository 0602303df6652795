"""The in-house mask network: reading masks, measuring, training, shipping."""
