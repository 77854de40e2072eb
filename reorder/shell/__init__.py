"""What the text of a RUN does, as a list of calls."""
