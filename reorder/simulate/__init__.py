"""What every commit of the repository's history would have cost to build, before and after."""
