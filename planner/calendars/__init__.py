"""Feeds that a calendar programme subscribes to.

Words: a *feed* is one subscribed calendar, a saved scope with its own token; an *entry* is what it says of one session.
It never shows a person's address, and no public feed a joining link.
"""
