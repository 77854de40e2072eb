"""The world outside the Dockerfile, read-only: the files of the build context and what is ignored."""
