"""Problems and plans as JSON, so that others can bring and compare instances. docs/scheduling.md describes both."""

from planner.scheduling.files.problems import problem_from_json, problem_to_json
from planner.scheduling.files.written import plan_to_json, plans_to_json

__all__ = ["plan_to_json", "plans_to_json", "problem_from_json", "problem_to_json"]
