"""What sessions do when something they show is renamed elsewhere: calendars must take the new words."""

from __future__ import annotations

from typing import Any

from planner.accounts.signals import user_renamed
from planner.base.viewer import Viewer
from planner.directory.signals import place_renamed
from planner.series.service import touch_sessions


@user_renamed.connect
def _touch_led_sessions(_sender: Any, *, user_id: int, name: str) -> None:
    touch_sessions(facilitator_id=user_id, by=Viewer(user_id, name))


@place_renamed.connect
def _touch_sessions_there(_sender: Any, *, room_ids: list[int], by: Viewer) -> None:
    touch_sessions(room_ids=room_ids, by=by)
