"""PHP: extensions and packages."""
