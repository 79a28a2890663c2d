"""What series tell the features above, inside the unit of work of the change."""

from __future__ import annotations

from blinker import signal

# Sent with training_id when a session was placed, changed, cancelled, restored or published: its seats may
# have to follow, and those who hold one be told.
session_changed = signal("session-changed")

# Sent with cohort_id just before a cohort without sessions is removed: what points at it must let go.
cohort_removed = signal("cohort-removed")
