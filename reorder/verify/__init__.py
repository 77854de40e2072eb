"""Proof by real builds: the same image, and how much faster the rebuild is."""
