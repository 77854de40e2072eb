"""Many repositories: which are left to do, by whom, and what is known of each."""
