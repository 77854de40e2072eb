"""The go command."""
