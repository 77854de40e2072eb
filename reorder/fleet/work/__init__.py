"""One repository, from its checkout to its row."""
