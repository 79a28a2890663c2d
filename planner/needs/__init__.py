"""What companies ask for and when they have time.

Words: a *quiet period* (stilleståndstid) is when a company has time to learn. Needs and the intake come here too.
It proposes and informs; it never places a session.
"""
