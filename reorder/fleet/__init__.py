"""Many repositories: which ones, what is done to each, and what became of them."""
