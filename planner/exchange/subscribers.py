"""What follows when a template is published: whoever proposed something is thanked in its note."""

from __future__ import annotations

from typing import Any

from planner.exchange.service.proposals import note_version, thanks_for
from planner.series_templates.signals import thanks_wanted, version_published


@thanks_wanted.connect
def _thank(_sender: Any, *, template_id: int) -> list[str]:
    return thanks_for(template_id)


@version_published.connect
def _note_version(_sender: Any, *, template_id: int, version_id: int) -> None:
    note_version(template_id, version_id)
