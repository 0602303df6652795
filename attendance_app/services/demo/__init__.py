"""The demo class: people who do not exist, their lesson and its film."""
