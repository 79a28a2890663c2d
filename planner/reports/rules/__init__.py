"""Pure decisions of reports: what is summed, which sums readers see, months, training types, drawn charts."""

from planner.reports.rules.accounts import AccountTexts, ProjectTexts
from planner.reports.rules.cells import (
    Cell,
    Joining,
    Portion,
    Published,
    from_json,
    is_safe,
    publish,
    to_json,
)
from planner.reports.rules.charts import Bar, Chart, chart_of
from planner.reports.rules.figures import OF_PEOPLE, Counts, Figure, FigureFilter, Key, Level, total_of
from planner.reports.rules.kinds import TrainingType
from planner.reports.rules.months import (
    Month,
    month_numbered,
    month_of,
    months_between,
    number_of,
    read_month,
)
from planner.reports.rules.readers import Sums, Told, tell
from planner.reports.rules.tables import Table, planners_table, readers_table

__all__ = [
    "OF_PEOPLE",
    "AccountTexts",
    "Bar",
    "Cell",
    "Chart",
    "Counts",
    "Figure",
    "FigureFilter",
    "Joining",
    "Key",
    "Level",
    "Month",
    "Portion",
    "ProjectTexts",
    "Published",
    "Sums",
    "Table",
    "Told",
    "TrainingType",
    "chart_of",
    "from_json",
    "is_safe",
    "month_numbered",
    "month_of",
    "months_between",
    "number_of",
    "planners_table",
    "publish",
    "read_month",
    "readers_table",
    "tell",
    "to_json",
    "total_of",
]
