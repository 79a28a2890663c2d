"""Shapes of input of what passes between templates and series, split by noun."""
