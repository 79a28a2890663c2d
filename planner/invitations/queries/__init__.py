"""Reads of invitations, wishes, replies, and of what mail is to be written in which words."""

from planner.invitations.queries.rounds import (
    Due,
    Reminded,
    find_next_session,
    list_due_follow_ups,
    list_due_reminders,
    list_to_follow_up,
    list_to_remind,
    load_sessions,
    series_mail,
)
from planner.invitations.queries.standing import (
    Addressee,
    Concerned,
    find_seat,
    find_session,
    get_own_seat,
    is_letter_known,
    is_wished,
    list_addressees,
    list_coming_of,
    list_concerned,
    list_fruitless_replies,
    list_invited,
    load_session,
    standing_of,
)
from planner.invitations.queries.wordings import (
    choice_of,
    find_person_by_ending,
    find_wording,
    list_own_wordings,
)

__all__ = [
    "Addressee", "Concerned", "Due", "Reminded", "choice_of", "find_next_session", "find_person_by_ending", "find_seat",
    "find_session", "find_wording", "get_own_seat", "is_letter_known", "is_wished", "list_addressees",
    "list_coming_of", "list_concerned", "list_due_follow_ups", "list_due_reminders", "list_fruitless_replies",
    "list_invited", "list_own_wordings", "list_to_follow_up", "list_to_remind", "load_session", "load_sessions",
    "series_mail", "standing_of",
]  # fmt: skip
