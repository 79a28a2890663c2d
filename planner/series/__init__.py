"""Planned runs: a series for a municipality, its steps, its cohorts of companies, and its dated sessions.

Words: a *series* is one run; a *step* is one ordered part of it; a *cohort* is companies that go through together;
a *session* (`TrainingSession`, variable `training`) is one dated meeting of one step, for a cohort or open to all.
A session's UID never changes; every change that a calendar can show raises its sequence.
"""
