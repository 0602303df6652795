"""The in-house identity network on a course: its photos as embeddings, and the training of its head."""
