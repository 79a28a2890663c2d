"""When companies have time.

Words: a *quiet period* (stilleståndstid) is when a company has time to learn.
It informs; it never places a session.
"""
