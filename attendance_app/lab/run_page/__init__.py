"""The page of a training: what it was, how it went, and what the network gets wrong."""
