"""The matcher's model, fitted and measured."""
