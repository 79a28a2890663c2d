"""Shapes of input: the editor of a draft, publishing, a new template, and the gallery's filters."""
