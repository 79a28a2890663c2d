from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.series_templates.merge import FieldMerge, Merge, Outcome, Side, merge3
from planner.series_templates.rules import Mode, StepDocument, TemplateDocument

Edit = Callable[[TemplateDocument], TemplateDocument]


def step(key: str, title: str = "Begin", minutes: int = 120) -> StepDocument:
    return StepDocument(key, title, "Goals", "Preparation", minutes, Mode.DIGITAL, 7)


def template(keys: str, **fields: object) -> TemplateDocument:
    whole = TemplateDocument("Title", "Summary", "Industry", ("1.1",), tuple(step(key) for key in keys))
    return replace(whole, **fields)  # type: ignore[arg-type] # a shorthand


def keys(document: TemplateDocument) -> str:
    return "".join(document.step_keys)


def changed(merge: Merge) -> dict[str, Outcome]:
    return {field.path: field.outcome for field in merge.fields if field.outcome is not Outcome.SAME}


BASE = template("abc")


def longer(key: str, minutes: int) -> TemplateDocument:
    return template(
        "", steps=tuple(step(each, minutes=minutes if each == key else 120) for each in BASE.step_keys)
    )


# --- fields ---


@pytest.mark.parametrize(
    ("ours", "theirs", "outcome", "merged"),
    [
        ("Title", "Title", Outcome.SAME, "Title"),
        ("Title", "New", Outcome.TAKE_THEIRS, "New"),
        ("Local", "Title", Outcome.KEEP_OURS, "Local"),
        ("Both", "Both", Outcome.SAME, "Both"),
        ("Local", "New", Outcome.CONFLICT, "Local"),
    ],
)
def test_a_field_is_merged_by_who_changed_it(ours: str, theirs: str, outcome: Outcome, merged: str) -> None:
    merge = merge3(BASE, replace(BASE, title=ours), replace(BASE, title=theirs))
    assert merge.fields[0] == FieldMerge("title", "Title", ours, theirs, outcome)
    assert merge.document == replace(BASE, title=merged)


def test_different_fields_of_one_step_are_merged_apart() -> None:
    ours = replace(BASE, steps=(step("a", title="Local"), *BASE.steps[1:]))
    merge = merge3(BASE, ours, longer("a", 180))
    assert changed(merge) == {
        "steps.a.title": Outcome.KEEP_OURS,
        "steps.a.minutes": Outcome.TAKE_THEIRS,
    }
    assert merge.document.step("a") == step("a", title="Local", minutes=180)


def test_all_fields_are_listed_in_the_order_of_the_page() -> None:
    one = template("a")
    assert [field.path for field in merge3(one, one, one).fields] == [
        "title",
        "summary",
        "audience",
        "competences",
        "steps",
        "steps.a.title",
        "steps.a.goals",
        "steps.a.preparation",
        "steps.a.minutes",
        "steps.a.mode",
        "steps.a.gap_days",
    ]


# --- steps that come and go ---


@pytest.mark.parametrize(
    ("ours", "theirs", "outcomes", "merged"),
    [
        # added
        ("abc", "abnc", {"steps.n": Outcome.TAKE_THEIRS}, "abnc"),
        ("albc", "abc", {"steps.l": Outcome.KEEP_OURS}, "albc"),
        ("albc", "anbc", {"steps.l": Outcome.KEEP_OURS, "steps.n": Outcome.TAKE_THEIRS}, "anlbc"),
        ("abc", "nabc", {"steps.n": Outcome.TAKE_THEIRS}, "nabc"),
        ("abcn", "abcn", {}, "abcn"),
        # removed
        ("abc", "ac", {"steps.b": Outcome.TAKE_THEIRS}, "ac"),
        ("ac", "abc", {"steps.b": Outcome.KEEP_OURS}, "ac"),
        ("ac", "ac", {}, "ac"),
        ("", "abc", dict.fromkeys(("steps.a", "steps.b", "steps.c"), Outcome.KEEP_OURS), ""),
        # moved
        ("abc", "cab", {"steps": Outcome.TAKE_THEIRS}, "cab"),
        ("cab", "abc", {"steps": Outcome.KEEP_OURS}, "cab"),
        ("cab", "cab", {}, "cab"),
        ("cab", "bac", {"steps": Outcome.CONFLICT}, "cab"),
        # moved on one side, added or removed on the other
        ("cab", "abnc", {"steps": Outcome.KEEP_OURS, "steps.n": Outcome.TAKE_THEIRS}, "cabn"),
        ("ablc", "cba", {"steps": Outcome.TAKE_THEIRS, "steps.l": Outcome.KEEP_OURS}, "cbla"),
        ("cab", "ac", {"steps": Outcome.KEEP_OURS, "steps.b": Outcome.TAKE_THEIRS}, "ca"),
        # put after a step that is gone here: after the one before it
        ("ac", "abnc", {"steps.b": Outcome.KEEP_OURS, "steps.n": Outcome.TAKE_THEIRS}, "anc"),
    ],
)
def test_steps_are_merged_by_key(ours: str, theirs: str, outcomes: dict[str, Outcome], merged: str) -> None:
    merge = merge3(BASE, template(ours), template(theirs))
    assert changed(merge) == outcomes
    assert keys(merge.document) == merged


def test_a_step_changed_here_and_removed_there_stays_until_someone_chooses() -> None:
    merge = merge3(BASE, longer("b", 90), template("ac"))
    [conflict] = merge.conflicts
    assert conflict == FieldMerge("steps.b", step("b"), step("b", minutes=90), None, Outcome.CONFLICT)
    assert merge.document == longer("b", 90)
    assert keys(merge.resolved({"steps.b": Side.THEIRS})) == "ac"


def test_a_step_removed_here_and_changed_there_stays_away_until_someone_chooses() -> None:
    merge = merge3(BASE, template("ac"), longer("b", 90))
    [conflict] = merge.conflicts
    assert conflict == FieldMerge("steps.b", step("b"), None, step("b", minutes=90), Outcome.CONFLICT)
    assert merge.document == template("ac")
    assert merge.resolved({"steps.b": Side.THEIRS}) == longer("b", 90)


# --- choices ---


def test_choices_go_before_the_defaults() -> None:
    merge = merge3(BASE, template("abc", title="Local"), template("cabn", title="New", summary="Short"))
    assert [field.path for field in merge.offers] == ["summary", "steps", "steps.n"]
    assert [field.path for field in merge.conflicts] == ["title"]
    chosen = merge.resolved(
        {"title": Side.THEIRS, "summary": Side.OURS, "steps": Side.OURS, "steps.n": Side.OURS}
    )
    assert chosen == template("abc", title="New")


def test_a_choice_about_an_unknown_field_is_refused() -> None:
    with pytest.raises(KeyError, match=r"steps\.x"):
        merge3(BASE, BASE, BASE).resolved({"steps.x": Side.OURS})


# --- what always holds ---

words = st.sampled_from(["one", "two", "three"])
steps = st.builds(
    StepDocument,
    st.sampled_from("abcdef"),
    words,
    st.just(""),
    st.just(""),
    st.sampled_from([60, 90]),
    st.sampled_from(Mode),
    st.just(7),
)
documents = st.builds(
    TemplateDocument,
    words,
    words,
    st.just(""),
    st.lists(words, max_size=2, unique=True).map(tuple),
    st.lists(steps, max_size=5, unique_by=lambda each: each.key).map(tuple),
)


@given(documents, documents)
def test_an_untouched_side_takes_all_of_the_other(base: TemplateDocument, other: TemplateDocument) -> None:
    assert merge3(base, base, other).document == other
    assert merge3(base, other, base).document == other
    assert merge3(base, other, other).document == other
    assert merge3(base, base, other).conflicts == merge3(base, other, base).conflicts == ()


@given(documents, documents, documents)
def test_either_side_can_be_chosen_whole(
    base: TemplateDocument, ours: TemplateDocument, theirs: TemplateDocument
) -> None:
    merge = merge3(base, ours, theirs)
    for side, document in ((Side.OURS, ours), (Side.THEIRS, theirs)):
        assert merge.resolved({field.path: side for field in merge.fields}) == document


def _order_of(document: TemplateDocument, wanted: set[str]) -> list[str]:
    return [key for key in document.step_keys if key in wanted]


@given(documents, documents, documents)
def test_every_local_change_survives(
    base: TemplateDocument, ours: TemplateDocument, theirs: TemplateDocument
) -> None:
    merged = merge3(base, ours, theirs).document
    for name in ("title", "summary", "audience", "competences"):
        assert getattr(merged, name) in (
            {getattr(ours, name)} if getattr(ours, name) != getattr(base, name) else {getattr(theirs, name)}
        )
    was = {each.key: each for each in base.steps}
    result = {each.key: each for each in merged.steps}
    for each in ours.steps:
        if each != was.get(each.key):  # added or changed here
            for name in ("title", "minutes", "mode"):
                if each.key not in was or getattr(each, name) != getattr(was[each.key], name):
                    assert getattr(result[each.key], name) == getattr(each, name)
    removed = was.keys() - set(ours.step_keys)
    assert removed & result.keys() == set()
    on_all = was.keys() & set(ours.step_keys) & set(theirs.step_keys)
    if _order_of(ours, on_all) != _order_of(base, on_all):
        assert _order_of(merged, on_all) == _order_of(ours, on_all)


@given(documents, documents, documents)
def test_a_merge_taken_over_offers_nothing_more(
    base: TemplateDocument, ours: TemplateDocument, theirs: TemplateDocument
) -> None:
    merged = merge3(base, ours, theirs).document
    again = merge3(theirs, merged, theirs)
    assert again.document == merged
    assert again.offers == again.conflicts == ()
