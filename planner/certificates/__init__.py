"""Certificates: what a person has taken part in, on paper, with an address where anybody can see that it holds.

A series has a *rule* (all steps, so many steps, so many minutes); whoever has met it can be *issued* a certificate. Its
content is a snapshot: it never changes. When the attendance is corrected later, a new one may be issued, which
*withdraws* the old one. Nothing here marks attendance.
"""
