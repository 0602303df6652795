"""What is said of each kind of known error.

``kinds.py`` has the form, the other modules the words: one module for each layer that raises. A remedy is here when it
serves at the window and at the command line; ``ui/messages.py`` and ``cli/messages.py`` have the others.
"""
