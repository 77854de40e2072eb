"""What people see of a run: numbers, a summary, and pages. Equal rows give equal bytes."""
