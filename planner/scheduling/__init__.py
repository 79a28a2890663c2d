"""Placing sessions: one at a time or a whole series in one go, with one check for every clash.

Words: a *rhythm* is what a person says ("every Tuesday 13:00-15:00 from v. 41"); an *occurrence* is a date it gives;
a *clash* is a facilitator, room or company that is taken, or a day that is free.
It never saves over a clash without a reason.
"""
