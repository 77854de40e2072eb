"""The installers of Python projects."""
