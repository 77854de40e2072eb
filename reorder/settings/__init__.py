"""`reorder.toml` and `[tool.reorder]`: found, read, and what is in force for one Dockerfile."""
