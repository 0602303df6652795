"""The laboratory: what makers of networks need, and the extra ``lab`` installs. The program runs without it."""
