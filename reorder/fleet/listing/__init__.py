"""Which repositories: a list, and what a forge is asked for it."""
