"""Plans series of workshops and seminars for companies, across municipalities.

Every folder here is one thing the product does; docs/architecture.md draws the staircase between them.
"""
