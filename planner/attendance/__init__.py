"""Who has a place, who came, and the hours that makes.

Words: an *enrolment* is a person's standing place in a series; a *seat* is their place at one session; *check-in*
is the act; *presence* is the verdict (present, late, excused, absent) with minutes and mode.
Presence is a ledger: an entry is never changed or removed, a correction is a new entry with who, when and why.
"""
