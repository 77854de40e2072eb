"""One file per transform, one ordered table."""
