"""The commands that every image has: files, archives, downloads, checks."""
