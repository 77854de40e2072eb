"""Git for repositories that nobody vetted: read, changed on a branch, and nothing of theirs run."""
