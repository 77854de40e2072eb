"""Cargo."""
