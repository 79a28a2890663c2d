"""Where higher features hang their own parts on a directory page, so that the directory need not know them.

    @company_part(order=20)
    def needs(viewer: Viewer, company: Company) -> Markup | str: ...

A part is rendered inside the company's page; an empty one leaves no gap. It decides itself what the viewer may see.
"""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from planner.base.viewer import Viewer
from planner.directory.models import Company

CompanyPart = Callable[[Viewer, Company], Markup | str]
_company_parts: list[tuple[int, CompanyPart]] = []


def company_part(*, order: int) -> Callable[[CompanyPart], CompanyPart]:
    """Register a part of the company's page; lower orders come first."""

    def register(part: CompanyPart) -> CompanyPart:
        _company_parts.append((order, part))
        _company_parts.sort(key=lambda entry: entry[0])
        return part

    return register


def company_parts(viewer: Viewer, company: Company) -> list[Markup | str]:
    """The parts of this company's page that have something to show, in order."""
    return [shown for _order, part in _company_parts if (shown := part(viewer, company))]
