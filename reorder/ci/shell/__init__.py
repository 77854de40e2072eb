"""Shell texts, wherever they stand: the builds in them, and what they become."""
