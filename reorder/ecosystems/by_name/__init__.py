"""Tools that install packages which are named in the command."""
