"""Package managers of distributions, and what keeps their systems in order."""
