"""A lossless tree of a Dockerfile. No disk, no shell, no git."""
