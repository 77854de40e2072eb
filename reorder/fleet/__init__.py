"""All of it over many repositories that nobody vetted: `reorder codemod`."""
