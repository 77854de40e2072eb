"""YAML that is edited in place: scalars by position, jobs and their steps."""
