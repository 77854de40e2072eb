"""The other CI systems' files."""
