from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import islice, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.series_templates.merge import (
    Decision,
    FieldMerge,
    Merge,
    Outcome,
    Side,
    UnfitDecisionError,
    Written,
    merge3,
)
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
        "steps.a.materials",
        "steps.a.follow_up",
    ]


# --- steps that come and go ---


NEW_ON_BOTH = {"steps.l": Outcome.KEEP_OURS, "steps.n": Outcome.TAKE_THEIRS}


@pytest.mark.parametrize(
    ("ours", "theirs", "outcomes", "merged"),
    [
        # added
        ("abc", "abnc", {"steps.n": Outcome.TAKE_THEIRS}, "abnc"),
        ("albc", "abc", {"steps.l": Outcome.KEEP_OURS}, "albc"),
        ("albc", "abnc", {"steps.l": Outcome.KEEP_OURS, "steps.n": Outcome.TAKE_THEIRS}, "albnc"),
        ("labc", "abcn", {"steps.l": Outcome.KEEP_OURS, "steps.n": Outcome.TAKE_THEIRS}, "labcn"),
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
        ("cab", "abcn", {"steps": Outcome.KEEP_OURS, "steps.n": Outcome.TAKE_THEIRS}, "cabn"),
        ("cab", "anbc", {"steps": Outcome.KEEP_OURS, "steps.n": Outcome.TAKE_THEIRS}, "canb"),
        ("albc", "cab", {"steps": Outcome.TAKE_THEIRS, "steps.l": Outcome.KEEP_OURS}, "calb"),
        ("cab", "ac", {"steps": Outcome.KEEP_OURS, "steps.b": Outcome.TAKE_THEIRS}, "ca"),
        # two places it could be: someone has to say
        ("albc", "anbc", {**NEW_ON_BOTH, "steps": Outcome.CONFLICT}, "anlbc"),
        ("abcl", "abcn", {**NEW_ON_BOTH, "steps": Outcome.CONFLICT}, "abcnl"),
        ("labc", "nabc", {**NEW_ON_BOTH, "steps": Outcome.CONFLICT}, "nlabc"),
        ("cab", "abnc", {"steps": Outcome.CONFLICT, "steps.n": Outcome.TAKE_THEIRS}, "cabn"),
        ("ablc", "cba", {"steps": Outcome.CONFLICT, "steps.l": Outcome.KEEP_OURS}, "ablc"),
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


def test_a_third_value_goes_before_both() -> None:
    merge = merge3(BASE, replace(BASE, title="Local"), replace(longer("a", 180), title="New"))
    written = merge.resolved({"title": Written("Together"), "steps.a.minutes": Written(150)})
    assert written == replace(longer("a", 150), title="Together")


def test_an_own_order_names_every_step_once() -> None:
    merge = merge3(BASE, template("cab"), template("bca"))
    assert keys(merge.resolved({"steps": Written(("a", "c", "b"))})) == "acb"
    for order in (("a", "c"), ("a", "c", "b", "b"), ("a", "c", "x")):
        with pytest.raises(UnfitDecisionError):
            merge.resolved({"steps": Written(order)})


@pytest.mark.parametrize(
    ("path", "decision"),
    [
        ("title", Written(1)),
        ("title", Side.BOTH),
        ("steps.a.minutes", Written("90")),
        ("steps.a.mode", Written("digital")),
        ("steps.b", Written(None)),
        ("steps.b", Written(step("b"))),
    ],
)
def test_a_decision_that_a_field_does_not_offer_is_refused(path: str, decision: Decision) -> None:
    with pytest.raises(UnfitDecisionError):
        merge3(BASE, BASE, template("ac")).resolved({path: decision})


# --- texts of several paragraphs ---


def test_different_paragraphs_of_a_text_are_combined() -> None:
    base, ours, theirs = (
        replace(BASE, summary=text) for text in ("One\n\nTwo", "One here\n\nTwo", "One\n\nTwo\n\nThree")
    )
    merge = merge3(base, ours, theirs)
    [field] = merge.offers
    assert (field.path, field.outcome, field.default) == ("summary", Outcome.COMBINED, Side.BOTH)
    assert merge.document.summary == "One here\n\nTwo\n\nThree"
    assert merge.resolved({"summary": Side.OURS}) == ours
    assert merge.resolved({"summary": Side.THEIRS}) == theirs


def test_texts_that_would_be_too_long_together_are_not_combined() -> None:
    longest = "x" * 1000
    base, ours, theirs = (
        replace(BASE, summary=f"{a}One\n\nTwo\n\nThree{b}")
        for a, b in (("", ""), (longest, ""), ("", longest))
    )
    assert changed(merge3(base, ours, theirs)) == {"summary": Outcome.CONFLICT}


def test_lists_are_combined_by_line() -> None:
    base, ours, theirs = (
        replace(BASE, steps=(replace(step("a"), materials=text),))
        for text in ("Book\nPen\nCup", "Book 2\nPen\nCup", "Book\nPen\nMug")
    )
    merge = merge3(base, ours, theirs)
    assert changed(merge) == {"steps.a.materials": Outcome.COMBINED}
    assert merge.document.step("a").materials == "Book 2\nPen\nMug"


# --- locked ---


@pytest.mark.parametrize(
    ("locked", "theirs", "outcomes", "merged"),
    [
        ("title", replace(BASE, title="New"), {"title": Outcome.LOCKED}, BASE),
        ("steps.b.minutes", longer("b", 90), {"steps.b.minutes": Outcome.LOCKED}, BASE),
        ("steps.b", longer("b", 90), {"steps.b.minutes": Outcome.LOCKED}, BASE),
        ("steps.a.minutes", longer("b", 90), {"steps.b.minutes": Outcome.TAKE_THEIRS}, longer("b", 90)),
        ("steps", template("cab"), {"steps": Outcome.LOCKED}, BASE),
        ("steps", template("abnc"), {"steps.n": Outcome.TAKE_THEIRS}, template("abnc")),
        ("steps.b", template("ac"), {"steps.b": Outcome.LOCKED}, BASE),
        # A locked field in a step that is gone there: the step stays until someone chooses.
        ("steps.b.minutes", template("ac"), {"steps.b": Outcome.CONFLICT}, BASE),
    ],
)
def test_what_is_locked_is_not_offered(
    locked: str, theirs: TemplateDocument, outcomes: dict[str, Outcome], merged: TemplateDocument
) -> None:
    merge = merge3(BASE, BASE, theirs, locked={locked})
    assert (changed(merge), merge.document) == (outcomes, merged)


@pytest.mark.parametrize("decision", [Side.THEIRS, Written("Mine")])
def test_what_is_locked_cannot_be_decided(decision: Decision) -> None:
    merge = merge3(BASE, BASE, replace(BASE, title="New"), locked={"title"})
    with pytest.raises(UnfitDecisionError):
        merge.resolved({"title": decision})
    assert merge.resolved({"title": Side.OURS}) == BASE


# --- what always holds ---
#
# Each side is the base with a few edits, each one whole number: that is quick to make and shrinks well.

TIMES = settings(max_examples=2000, deadline=None)
TEXTS = (
    "One",
    "One\n\nTwo",
    "One\n\nTwo\n\nThree",
    "Eine\n\nTwo",
    "One\n\nTwo\n\nDrei",
    "One\n\nZwei\n\nThree",
    "",
)
START = replace(template("abcd"), summary="One\n\nTwo\n\nThree")
KINDS = 7


def edited(document: TemplateDocument, code: int) -> TemplateDocument:
    kind, n = code % KINDS, code // KINDS
    if kind == 0:
        return replace(document, title=("Title", "Local", "New")[n % 3])
    if kind == 1:
        return replace(document, summary=TEXTS[n % len(TEXTS)])
    here = list(document.steps)
    at = n % (len(here) + 1)
    if kind == 2:
        new = step("lnmo"[n // 5 % 4], minutes=60 + n % 3)
        if new.key not in document.step_keys:
            here.insert(at, new)
    elif at < len(here):
        if kind == 3:
            here.insert(n // 5 % len(here), here.pop(at))
        elif kind == 4:
            here.pop(at)
        elif kind == 5:
            here[at] = replace(here[at], minutes=90 + n // 5 % 3)
        else:
            here[at] = replace(here[at], goals=TEXTS[n // 5 % len(TEXTS)])
    return replace(document, steps=tuple(here))


def with_edits(document: TemplateDocument, codes: list[int]) -> TemplateDocument:
    for code in codes:
        document = edited(document, code)
    return document


documents = st.lists(st.integers(0, 40 * KINDS - 1), max_size=5).map(lambda codes: with_edits(START, codes))
lockings = st.sets(st.sampled_from(["title", "summary", "steps", "steps.a", "steps.b.minutes"]), max_size=2)


def resolutions(merge: Merge) -> dict[str, list[Decision]]:
    """Everything that may be decided about each conflict."""
    return {
        field.path: [Side.OURS, Side.THEIRS]
        + ([Written("Written")] if isinstance(field.ours, str) else [])
        + ([Written(field.ours[::-1])] if field.path == "steps" and isinstance(field.ours, tuple) else [])
        for field in merge.conflicts
    }


@TIMES
@given(documents, documents)
def test_an_untouched_side_takes_all_of_the_other(base: TemplateDocument, other: TemplateDocument) -> None:
    assert merge3(base, base, other).document == other
    assert merge3(base, other, base).document == other
    assert merge3(base, other, other).document == other
    assert merge3(base, base, other).conflicts == merge3(base, other, base).conflicts == ()


@TIMES
@given(documents, documents, documents)
def test_either_side_can_be_chosen_whole(
    base: TemplateDocument, ours: TemplateDocument, theirs: TemplateDocument
) -> None:
    merge = merge3(base, ours, theirs)
    for side, document in ((Side.OURS, ours), (Side.THEIRS, theirs)):
        assert merge.resolved({field.path: side for field in merge.fields}) == document


def _order_of(document: TemplateDocument, wanted: set[str]) -> list[str]:
    return [key for key in document.step_keys if key in wanted]


def _kept(text: str, was: str, now: str) -> bool:
    """Whether each paragraph that is new in `text` stands in `now`, and none that it took away."""
    old, new, found = (set(each.split("\n\n")) for each in (was, text, now))
    return new - old <= found and not (old - new) & found


@TIMES
@given(documents, documents, documents, lockings)
def test_no_local_change_is_lost_without_a_decision(
    base: TemplateDocument, ours: TemplateDocument, theirs: TemplateDocument, locked: set[str]
) -> None:
    merged = merge3(base, ours, theirs, locked=locked).document
    if ours.title != base.title:
        assert merged.title == ours.title
    if ours.summary != base.summary:
        assert _kept(ours.summary, base.summary, merged.summary)
    was = {each.key: each for each in base.steps}
    result = {each.key: each for each in merged.steps}
    for each in ours.steps:
        if each != was.get(each.key):  # added or changed here
            old = was.get(each.key)
            if old is None or each.minutes != old.minutes:
                assert result[each.key].minutes == each.minutes
            if old is None or each.goals != old.goals:
                assert _kept(each.goals, old.goals if old else "", result[each.key].goals)
    removed = was.keys() - set(ours.step_keys)
    assert removed & result.keys() == set()
    on_all = was.keys() & set(ours.step_keys) & set(theirs.step_keys)
    if _order_of(ours, on_all) != _order_of(base, on_all):
        assert _order_of(merged, on_all) == _order_of(ours, on_all)
    for path in locked & {"title", "summary"}:
        assert getattr(merged, path) == getattr(ours, path)


@TIMES
@given(documents, documents, documents)
def test_orders_that_cannot_both_stand_are_reported(
    base: TemplateDocument, ours: TemplateDocument, theirs: TemplateDocument
) -> None:
    merge = merge3(base, ours, theirs)
    [order] = [field for field in merge.fields if field.path == "steps"]
    on_all = set(base.step_keys) & set(ours.step_keys) & set(theirs.step_keys)
    was, local, new = (_order_of(one, on_all) for one in (base, ours, theirs))
    if local not in (was, new) and new != was:
        assert order.outcome is Outcome.CONFLICT
    if order.outcome is not Outcome.CONFLICT:
        # Not asked about: then the merged order says nothing that either side does not.
        present = set(merge.document.step_keys)
        assert _order_of(merge.document, on_all & present) == _order_of(
            theirs if local == was else ours, on_all & present
        )
        ours_first, theirs_first = order.ours, order.theirs
        if _order_of(ours, on_all) == _order_of(theirs, on_all):
            assert ours_first == theirs_first


@TIMES
@given(documents, documents, documents, st.data())
def test_the_order_of_deciding_does_not_matter(
    base: TemplateDocument, ours: TemplateDocument, theirs: TemplateDocument, data: st.DataObject
) -> None:
    """Decided one at a time, each on what the decision before gave, in any order: the same document."""
    merge = merge3(base, ours, theirs)
    decided = {path: data.draw(st.sampled_from(offered)) for path, offered in resolutions(merge).items()}
    at_once = merge.resolved(decided)
    for paths in islice(permutations(decided), 6):
        so_far: Mapping[str, Decision] = {}
        for path in paths:
            so_far = {**so_far, path: decided[path]}
            merge.resolved(so_far)
        assert merge.resolved(so_far) == at_once


@TIMES
@given(documents, documents, documents, lockings, st.data())
def test_a_merge_taken_over_offers_nothing_more(
    base: TemplateDocument,
    ours: TemplateDocument,
    theirs: TemplateDocument,
    locked: set[str],
    data: st.DataObject,
) -> None:
    merge = merge3(base, ours, theirs, locked=locked)
    decided = {path: data.draw(st.sampled_from(offered)) for path, offered in resolutions(merge).items()}
    merged = merge.resolved(decided)
    again = merge3(theirs, merged, theirs, locked=locked)
    assert again.document == merged
    assert again.offers == again.conflicts == again.having(Outcome.LOCKED) == ()
