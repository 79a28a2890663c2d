"""What attendance tells the features above, inside the unit of work of the change."""

from __future__ import annotations

from blinker import signal

# Sent with training_id when a session's seats have been looked over, changed or not; its row is locked.
seats_settled = signal("seats-settled")

# Sent with training_id, seat_id and news (rules.SeatNews) for each seat that something happened to, after that.
seat_news = signal("seat-news")
