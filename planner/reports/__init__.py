"""Read-only figures: presence and hours summed per session, series, company and municipality, and their exports.

Sums of fewer than five persons are hidden from those who only read. Owns nothing.
"""
