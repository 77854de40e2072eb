"""The world outside the Dockerfile, read-only: the context's files and what is left out."""
