"""GitHub Actions: workflows and actions, their expressions, and every kind of run they lead to."""
