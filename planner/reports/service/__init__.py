"""Writes of reports."""

from planner.reports.service.settle import settle_held, unsettle_people

__all__ = ["settle_held", "unsettle_people"]
