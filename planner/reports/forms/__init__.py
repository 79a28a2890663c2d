"""Shapes of input in reports, split by noun."""
