"""Classifiers of faces and masks: inference only."""
