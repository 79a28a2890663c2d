"""Writes of invitations. Every function flushes; the caller's unit of work commits."""

from planner.invitations.service.choices import choose_language, choose_reminders
from planner.invitations.service.news import tell_seat_news
from planner.invitations.service.replies import note_letter, remove_old_replies, take_in
from planner.invitations.service.rounds import make_rounds, set_series_mail
from planner.invitations.service.seats import give_up_seat, take_seat
from planner.invitations.service.telling import Sender, tell
from planner.invitations.service.wishes import end_wish, wish

__all__ = [
    "Sender", "choose_language", "choose_reminders", "end_wish", "give_up_seat", "make_rounds", "note_letter",
    "remove_old_replies", "set_series_mail", "take_in", "take_seat", "tell", "tell_seat_news", "wish",
]  # fmt: skip
