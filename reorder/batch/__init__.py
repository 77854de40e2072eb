"""Many Dockerfiles in one run: found, rewritten together, saved together."""
