"""Reads of what passes between templates and series, split by noun."""
