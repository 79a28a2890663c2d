"""Shapes of input."""

from planner.scheduling.forms.parts import Choices, ClashFields
from planner.scheduling.forms.plan import PlanForm, PreviewLine
from planner.scheduling.forms.session import (
    CancelForm,
    CopySessionForm,
    EditSessionForm,
    MoveSessionForm,
    NewSessionForm,
    RestoreForm,
)

__all__ = [
    "CancelForm",
    "Choices",
    "ClashFields",
    "CopySessionForm",
    "EditSessionForm",
    "MoveSessionForm",
    "NewSessionForm",
    "PlanForm",
    "PreviewLine",
    "RestoreForm",
]
