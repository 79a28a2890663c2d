"""Writes of invitations. Every function flushes; the caller's unit of work commits."""

from planner.invitations.service.choices import choose_language, choose_reminders
from planner.invitations.service.news import tell_seat_news
from planner.invitations.service.replies import note_letter, remove_old_replies, take_in
from planner.invitations.service.rounds import make_rounds, set_series_mail
from planner.invitations.service.seats import give_up_seat, take_seat
from planner.invitations.service.telling import Sender, tell
from planner.invitations.service.wishes import end_wish, wish
from planner.invitations.service.wordings import (
    reset_wording,
    save_wording,
    send_test,
    standard_words,
    try_wording,
)

__all__ = [
    "Sender", "choose_language", "choose_reminders", "end_wish", "give_up_seat", "make_rounds", "note_letter",
    "remove_old_replies", "reset_wording", "save_wording", "send_test", "set_series_mail", "standard_words",
    "take_in", "take_seat", "tell", "tell_seat_news", "try_wording", "wish",
]  # fmt: skip
