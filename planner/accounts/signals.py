"""What accounts tell the features above, inside the unit of work of the change."""

from __future__ import annotations

from blinker import signal

# Sent with user_id and name (the new one): what shows the name elsewhere has changed too.
user_renamed = signal("user-renamed")
