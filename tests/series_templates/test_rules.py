import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.series_templates.errors import DocumentUnreadableError, StepNotFoundError
from planner.series_templates.rules import (
    Mode,
    StepDocument,
    TemplateDocument,
    from_document,
    problems,
    to_document,
)

MATERIALS = "Workbook https://example.test"


def step(key: str, title: str = "Begin", minutes: int = 120, gap_days: int = 7) -> StepDocument:
    return StepDocument(
        key,
        title,
        "Know the parts",
        "Bring a computer",
        minutes,
        Mode.HYBRID,
        gap_days,
        MATERIALS,
        "Ask again",
    )


TEMPLATE = TemplateDocument(
    "Digital kompetens", "In steps", "Industry", ("1.1", "5.2"), (step("a"), step("b"), step("c"))
)

templates = st.builds(
    TemplateDocument,
    st.text(),
    st.text(),
    st.text(),
    st.lists(st.text()).map(tuple),
    st.lists(
        st.builds(
            StepDocument,
            st.text(),
            st.text(),
            st.text(),
            st.text(),
            st.integers(),
            st.sampled_from(Mode),
            st.integers(),
            st.text(),
            st.text(),
        ),
        max_size=3,
        unique_by=lambda each: each.key,
    ).map(tuple),
)


def keys(template: TemplateDocument) -> str:
    return "".join(template.step_keys)


# --- stored as JSON ---


def test_document_has_this_shape() -> None:
    assert to_document(replace(TEMPLATE, steps=(step("a"),))) == {
        "version": 2,
        "title": "Digital kompetens",
        "summary": "In steps",
        "audience": "Industry",
        "competences": ["1.1", "5.2"],
        "steps": [
            {
                "key": "a",
                "title": "Begin",
                "goals": "Know the parts",
                "preparation": "Bring a computer",
                "minutes": 120,
                "mode": "hybrid",
                "gap_days": 7,
                "materials": "Workbook https://example.test",
                "follow_up": "Ask again",
            }
        ],
    }


@given(templates)
def test_a_stored_document_comes_back_the_same(template: TemplateDocument) -> None:
    back = from_document(json.loads(json.dumps(to_document(template))))
    assert back == template
    assert [type(each.mode) for each in back.steps] == [Mode] * len(template.steps)


def test_a_document_stored_before_materials_and_follow_up_is_still_read() -> None:
    data = to_document(TEMPLATE) | {"version": 1}
    for each in data["steps"]:
        del each["materials"], each["follow_up"]
    plain = tuple(replace(each, materials="", follow_up="") for each in TEMPLATE.steps)
    assert from_document(data) == replace(TEMPLATE, steps=plain)


@pytest.mark.parametrize(
    ("change", "step_change", "says"),
    [
        ({"version": 3}, {}, "version 3"),
        ({"version": True}, {}, "version True"),
        ({"colour": "red"}, {}, "colour"),
        ({"title": None}, {}, "title is not of type str"),
        ({"competences": "1.1"}, {}, "competences is not of type list"),
        ({"competences": [1.1]}, {}, "competences is not of type str"),
        ({"steps": {}}, {}, "steps is not of type list"),
        ({"steps": ["a"]}, {}, r"steps\[0\] is no object"),
        ({"steps": [to_document(TEMPLATE)["steps"][0]] * 2}, {}, "same key"),
        ({}, {"room": "A"}, "room"),
        ({}, {"minutes": "120"}, r"steps\[0\].minutes is not of type int"),
        ({}, {"minutes": True}, r"steps\[0\].minutes is not of type int"),
        ({}, {"mode": "by_post"}, r"steps\[0\].mode is 'by_post'"),
        ({}, {"key": 1}, r"steps\[0\].key is not of type str"),
    ],
)
def test_what_is_not_understood_is_refused(
    change: dict[str, object], step_change: dict[str, object], says: str
) -> None:
    data = to_document(TEMPLATE)
    data["steps"][0] |= step_change
    with pytest.raises(DocumentUnreadableError, match=says):
        from_document(data | change)


@pytest.mark.parametrize("missing", ["version", "title", "steps"])
def test_a_missing_field_is_refused(missing: str) -> None:
    data = to_document(TEMPLATE)
    del data[missing]
    with pytest.raises(DocumentUnreadableError, match=missing):
        from_document(data)


def test_no_template_has_two_steps_with_one_key() -> None:
    with pytest.raises(ValueError, match="same key"):
        replace(TEMPLATE, steps=(step("a"), step("a")))


# --- may it be published ---


@pytest.mark.parametrize(
    ("template", "found"),
    [
        (TEMPLATE, []),
        (replace(TEMPLATE, title=" "), [("title", "Give the template a title.")]),
        (replace(TEMPLATE, steps=()), [("steps", "Add at least one step.")]),
        (
            replace(TEMPLATE, steps=(step("a"), step("b", title="", minutes=14, gap_days=366))),
            [
                ("steps.b.title", "Give step 2 a title."),
                ("steps.b.minutes", "Let step 2 last from 15 to 480 minutes."),
                ("steps.b.gap_days", "Choose a gap of 0 to 365 days before step 2."),
            ],
        ),
        (replace(TEMPLATE, steps=(step("a", minutes=15, gap_days=0),)), []),
        (replace(TEMPLATE, steps=(step("a", minutes=480, gap_days=365),)), []),
        (
            replace(TEMPLATE, steps=(step("a", minutes=481, gap_days=-1),)),
            [
                ("steps.a.minutes", "Let step 1 last from 15 to 480 minutes."),
                ("steps.a.gap_days", "Choose a gap of 0 to 365 days before step 1."),
            ],
        ),
    ],
)
def test_problems_say_what_keeps_a_template_from_being_published(
    template: TemplateDocument, found: list[tuple[str, str]]
) -> None:
    assert [(problem.path, str(problem.sentence)) for problem in problems(template)] == found


def test_a_step_is_found_by_its_key_or_refused() -> None:
    assert TEMPLATE.step("b") == step("b")
    with pytest.raises(StepNotFoundError):
        TEMPLATE.step("x")


def test_a_key_is_used_once() -> None:
    with pytest.raises(ValueError, match="same key"):
        replace(TEMPLATE, steps=(*TEMPLATE.steps, step("a")))
