"""Base images as data: one file for each publisher."""
