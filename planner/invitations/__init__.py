"""Invitations: a booked seat as an event in the participant's own calendar, and the answer that comes back.

A *wish* is a person's own choice to get them. An *invitation* is what one person's calendar has last been told of one
session. A *reply* is a letter with an answer, taken in or listed with the reason why it changed nothing. It never
decides who has a seat: attendance does, here as from any page.
"""
