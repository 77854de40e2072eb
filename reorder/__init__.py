"""reorder: rewrites Dockerfiles so that image rebuilds are fast and images stay the same."""

__version__ = "0.1.0"
