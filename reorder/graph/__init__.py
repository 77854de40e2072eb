"""Stages, the scope in force, what every instruction reads and writes, what depends on what."""
