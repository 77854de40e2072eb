"""An independent proof that two Dockerfiles build the same image."""
