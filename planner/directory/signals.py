"""What the directory tells the features above it, after commit."""

from __future__ import annotations

from blinker import signal

# Sent with organisation_id and by_user_id: whoever founds an organisation is to own it.
organisation_founded = signal("organisation-founded")
