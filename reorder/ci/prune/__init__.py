"""What removes old caches from a registry."""
