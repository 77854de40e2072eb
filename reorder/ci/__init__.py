"""The registry cache in the files that build a repository's images."""
