"""Pure decisions about what passes between templates and series, split by noun."""
