"""What a step costs and how often it changes."""
