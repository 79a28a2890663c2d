"""A template as a file."""

from __future__ import annotations

from dataclasses import fields

from planner.series_templates.carry.faults import FORMAT, FORMAT_VERSION
from planner.series_templates.carry.yaml_text import dumped
from planner.series_templates.rules import StepDocument, TemplateDocument


def write_file(document: TemplateDocument, *comments: str) -> str:
    """The template as a file; `comments` are lines that stand above it."""
    names = [one.name for one in fields(StepDocument)]
    data = {
        FORMAT: FORMAT_VERSION,
        "title": document.title,
        "summary": document.summary,
        "audience": document.audience,
        "competences": list(document.competences),
        "steps": [
            {name: getattr(step, name) for name in names} | {"mode": step.mode.value}
            for step in document.steps
        ],
    }
    head = "".join(f"# {' '.join(comment.split())}\n" for comment in comments)
    return head + dumped(data)
