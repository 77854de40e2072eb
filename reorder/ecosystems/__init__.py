"""What each package manager reads, writes and caches; one module per manager."""
