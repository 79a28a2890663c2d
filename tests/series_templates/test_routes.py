from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from planner.base.db import db
from planner.base.viewer import system
from planner.series_templates import queries, service
from planner.series_templates.models import SeriesTemplate
from planner.series_templates.rules import TemplateDocument, from_document, to_document
from tests import factories as make

SignIn = Callable[[Any], FlaskClient]


@pytest.fixture
def organisation(app: Flask) -> Any:
    return make.organisation()


@pytest.fixture
def browser(organisation: Any, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user(("organiser", organisation)))


TEXTS = ("goals", "preparation", "materials", "follow_up")


def _draft(template_id: int) -> TemplateDocument:
    return from_document(db.session.get_one(SeriesTemplate, template_id).draft)


def _fields(
    document: TemplateDocument, base: TemplateDocument | None = None, revision: int = 1
) -> dict[str, Any]:
    """What the editor sends for `document`."""
    values: dict[str, Any] = {
        "revision": str(revision),
        "opened_with": json.dumps(to_document(base or document)),
        "order": list(document.step_keys),
        "title": document.title,
        "summary": document.summary.replace("\n", "\r\n"),
        "audience": document.audience,
        "competences": list(document.competences),
    }
    for n, step in enumerate(document.steps):
        values |= {
            f"steps-{n}-{name}": getattr(step, name) for name in ("key", "title", "minutes", "gap_days")
        }
        values |= {f"steps-{n}-{name}": getattr(step, name) for name in TEXTS}
        values[f"steps-{n}-mode"] = step.mode.value
    return values


def _save(client: FlaskClient, template_id: int, fields: dict[str, Any], action: str = "save") -> Any:
    return client.post(f"/templates/{template_id}/edit", data={**fields, "action": action})


def _shown_order(text: str) -> list[str]:
    return re.findall(r'name="order" value="([^"]+)"', text)


# --- who may ---------------------------------------------------------------------------------------


def test_the_public_sees_published_versions_and_nothing_else(client: FlaskClient) -> None:
    version = make.published_template(document=make.template_document(title="Växla upp"))
    draft = make.template(make.organisation())
    gallery = client.get("/templates")
    assert gallery.status_code == 200
    assert "Växla upp" in gallery.text
    shown = client.get(f"/templates/{version.template_id}", follow_redirects=True)
    assert shown.request.path == f"/templates/{version.template_id}/versions/1"
    assert "Växla upp" in shown.text
    assert "Use in" not in shown.text
    assert client.get(f"/templates/{draft.id}").status_code == 404
    assert client.get(f"/templates/{draft.id}/versions/1").status_code == 404
    for path in ("mine", "new", f"{draft.id}/edit", f"{draft.id}/preview"):
        assert client.get(f"/templates/{path}").status_code == 302


def test_other_organisations_drafts_do_not_exist(sign_in: SignIn) -> None:
    template = make.template(make.organisation())
    other = sign_in(make.organiser())
    for path in ("", "/edit", "/preview"):
        assert other.get(f"/templates/{template.id}{path}").status_code == 404
    for path in ("edit", "publish", "archive", "restore"):
        assert other.post(f"/templates/{template.id}/{path}").status_code == 404


def test_a_new_template_cannot_be_put_into_anothers_organisation(browser: FlaskClient) -> None:
    other = make.organisation()
    answer = browser.post("/templates/new", data={"title": "Mine", "organisation_id": other.id})
    assert answer.status_code == 422
    assert queries.gallery(system()).total == 0
    assert db.session.query(SeriesTemplate).count() == 0


def test_numbers_that_no_row_can_have_are_not_found(client: FlaskClient) -> None:
    version = make.published_template()
    for path in ("99999999999999999999", f"{version.template_id}/versions/99999999999999999999"):
        assert client.get(f"/templates/{path}").status_code == 404
    assert client.get("/templates?page=99999999999999999999").status_code == 200


# --- gallery ---------------------------------------------------------------------------------------


def test_gallery_asks_the_same_number_of_questions_with_1_and_3_items(
    client: FlaskClient, count_queries: Callable[[], Any]
) -> None:
    make.published_template()
    with count_queries() as one:
        client.get("/templates")
    make.published_template()
    make.published_template()
    with count_queries() as three:
        answer = client.get("/templates")
    assert answer.text.count('class="card"') == 3
    assert len(one) == len(three)


def test_my_templates_asks_the_same_number_of_questions_with_1_and_3_items(
    browser: FlaskClient, organisation: Any, count_queries: Callable[[], Any]
) -> None:
    make.published_template(organisation)
    with count_queries() as one:
        browser.get("/templates/mine")
    make.published_template(organisation)
    make.template(organisation)
    with count_queries() as three:
        answer = browser.get("/templates/mine")
    assert answer.text.count("<tr>") == 4
    assert len(one) == len(three)


def test_gallery_filters_come_from_the_address_and_nonsense_filters_nothing(client: FlaskClient) -> None:
    make.published_template(document=make.template_document(title="Svetsa säkert", competences=("4.1",)))
    make.published_template(document=make.template_document(title="Räkna rätt", competences=("1.1",)))
    safe = client.get("/templates?topic=4&words=SÄKERT&county=18&length=half")
    assert ("Svetsa säkert" in safe.text, "Räkna rätt" in safe.text) == (True, False)
    nonsense = client.get("/templates?topic=77&county=zz&length=%00&page=abc&words=")
    assert ("Svetsa säkert" in nonsense.text, "Räkna rätt" in nonsense.text) == (True, True)
    assert "No template fits" in client.get("/templates?words=%00xyzzy%25").text


# --- editing ---------------------------------------------------------------------------------------


def test_a_template_is_made_edited_published_and_shown(browser: FlaskClient, organisation: Any) -> None:
    made = browser.post("/templates/new", data={"title": "Å, ä & ö <i>", "organisation_id": organisation.id})
    template_id = int(re.findall(r"/templates/(\d+)/edit", made.location)[0])
    document = make.template_document(title="Å, ä & ö <i>", summary="Rad ett\nRad två")
    saved = _save(browser, template_id, _fields(document, _draft(template_id)), "publish")
    assert saved.location == f"/templates/{template_id}/preview#publish"
    assert _draft(template_id) == document
    preview = browser.get(f"/templates/{template_id}/preview")
    assert "Å, ä &amp; ö &lt;i&gt;" in preview.text
    revision = db.session.get_one(SeriesTemplate, template_id).revision
    published = browser.post(
        f"/templates/{template_id}/publish", data={"note": "Första", "revision": revision}
    )
    assert published.location == f"/templates/{template_id}/versions/1"
    page = browser.get(published.location).text
    assert "Rad ett\nRad två" in page
    assert "Första" in page


def test_the_editor_shows_what_is_saved(browser: FlaskClient, organisation: Any) -> None:
    template = make.template(organisation, make.template_document(step_count=30))
    page = browser.get(f"/templates/{template.id}/edit").text
    assert _shown_order(page) == [f"s{n}" for n in range(1, 31)]
    assert page.index('value="save"') < page.index('value="up:')


def test_30_steps_are_saved_and_moved(browser: FlaskClient, organisation: Any) -> None:
    document = make.template_document(step_count=30)
    template = make.template(organisation, document)
    answer = _save(browser, template.id, _fields(document), "up:s30")
    assert answer.location == f"/templates/{template.id}/edit#step-s30"
    assert _draft(template.id).step_keys == (*(f"s{n}" for n in range(1, 29)), "s30", "s29")


def test_the_order_of_the_page_is_the_order_saved(browser: FlaskClient, organisation: Any) -> None:
    document = make.template_document(step_count=3)
    template = make.template(organisation, document)
    _save(browser, template.id, _fields(document) | {"order": ["s3", "s1", "s2"]})
    assert _draft(template.id).steps == (document.steps[2], document.steps[0], document.steps[1])


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("up:s1", ["s1", "s2", "s3"]),
        ("down:s3", ["s1", "s2", "s3"]),
        ("down:s1", ["s2", "s1", "s3"]),
        ("up:nonsense", ["s1", "s2", "s3"]),
        ("nonsense", ["s1", "s2", "s3"]),
        ("", ["s1", "s2", "s3"]),
    ],
)
def test_buttons_move_steps(
    browser: FlaskClient, organisation: Any, action: str, expected: list[str]
) -> None:
    document = make.template_document(step_count=3)
    template = make.template(organisation, document)
    assert _save(browser, template.id, _fields(document), action).status_code == 302
    assert list(_draft(template.id).step_keys) == expected


def test_add_saves_and_opens_an_empty_step(browser: FlaskClient, organisation: Any) -> None:
    document = make.template_document(step_count=1)
    template = make.template(organisation, document)
    answer = _save(browser, template.id, _fields(document), "add")
    added = _draft(template.id).steps[-1]
    assert answer.location == f"/templates/{template.id}/edit#steps-1-title"
    assert (added.title, added.minutes, added.gap_days) == ("", 120, 7)


def test_a_step_taken_away_comes_back_unless_the_draft_is_saved(
    browser: FlaskClient, organisation: Any
) -> None:
    document = make.template_document(step_count=3)
    template = make.template(organisation, document)
    answer = _save(browser, template.id, _fields(document), "remove:s2")
    assert (answer.status_code, _shown_order(answer.text)) == (200, ["s1", "s3"])
    assert 'data-dirty="already"' in answer.text
    assert _draft(template.id) == document


@pytest.mark.parametrize("action", ["save", "down:s1", "remove:s2", "add"])
def test_bad_minutes_lose_nothing(browser: FlaskClient, organisation: Any, action: str) -> None:
    document = make.template_document()
    template = make.template(organisation, document)
    fields = _fields(document) | {"steps-0-minutes": "två timmar", "steps-0-goals": "Räkna\r\nrätt"}
    answer = _save(browser, template.id, fields, action)
    assert answer.status_code == 422
    assert 'value="två timmar"' in answer.text
    assert "Räkna\nrätt" in answer.text
    assert "Write the length in whole minutes, such as 90." in answer.text
    assert _draft(template.id) == document
    assert _shown_order(answer.text)[:1] == (["s2"] if action == "down:s1" else ["s1"])


@pytest.mark.parametrize("minutes", ["-5", "1e9", "90.5", "٣٠", "999999", "1_0", "<script>"])
def test_what_is_no_whole_number_is_refused(browser: FlaskClient, organisation: Any, minutes: str) -> None:
    document = make.template_document(step_count=1)
    template = make.template(organisation, document)
    answer = _save(browser, template.id, _fields(document) | {"steps-0-minutes": minutes})
    assert answer.status_code == 422
    assert f'value="{html.escape(minutes)}"' in answer.text
    assert _draft(template.id) == document


def test_a_draft_may_be_empty(browser: FlaskClient, organisation: Any) -> None:
    template = make.template(organisation)
    fields = _fields(TemplateDocument("", "", "", (), ()), _draft(template.id))
    assert _save(browser, template.id, fields).status_code == 302
    assert _draft(template.id) == TemplateDocument("", "", "", (), ())
    assert "Untitled template" in browser.get("/templates/mine").text


def test_what_keeps_it_from_being_published_stands_beside_the_fields(
    browser: FlaskClient, organisation: Any
) -> None:
    steps = (make.step_document(1, title=""), make.step_document(2, minutes=5))
    document = make.template_document(steps=steps)
    template = make.template(organisation, document)
    answer = _save(browser, template.id, _fields(document), "publish")
    assert answer.location == f"/templates/{template.id}/edit?check=1"
    page = browser.get(answer.location)
    assert page.status_code == 200
    assert '<a href="#steps-0-title">Give step 1 a title.</a>' in page.text
    assert '<a href="#steps-1-minutes">Let step 2 last from 15 to 480 minutes.</a>' in page.text
    assert 'id="steps-1-minutes-error"' in page.text
    preview = browser.get(f"/templates/{template.id}/preview").text
    assert f"/templates/{template.id}/edit?check=1#steps-0-title" in preview
    refused = browser.post(f"/templates/{template.id}/publish", data={"revision": template.revision})
    assert (refused.status_code, queries.find_latest_version(template.id)) == (422, None)


def test_huge_texts_come_back_with_how_much_may_stand(browser: FlaskClient, organisation: Any) -> None:
    document = make.template_document(step_count=1)
    template = make.template(organisation, document)
    fields = _fields(document) | {"summary": "å" * 2001, "steps-0-goals": "ö" * 4001, "title": "t" * 201}
    answer = _save(browser, template.id, fields)
    assert answer.status_code == 422
    assert "This is 2001 characters. Shorten it to at most 2000." in answer.text
    assert "This is 4001 characters. Shorten it to at most 4000." in answer.text
    assert ("å" * 2001 in answer.text, "ö" * 4001 in answer.text) == (True, True)
    assert _draft(template.id) == document


def test_a_long_template_with_swedish_letters_fits(browser: FlaskClient, organisation: Any) -> None:
    full = [make.step_document(n, goals="å" * 4000, preparation="ö" * 4000) for n in range(1, 41)]
    document = make.template_document(steps=tuple(full), summary="ä" * 2000)
    template = make.template(organisation, document)
    fields = _fields(document) | {"title": "Ny"}
    assert _save(browser, template.id, fields).status_code == 302
    assert _draft(template.id) == replace(document, title="Ny")


def test_more_steps_than_fit_are_refused_in_words(browser: FlaskClient, organisation: Any) -> None:
    document = make.template_document(step_count=40)
    template = make.template(organisation, document)
    answer = _save(browser, template.id, _fields(document), "add")
    assert answer.status_code == 422
    assert "A template has at most 40 steps. Take some away." in answer.text
    assert len(_shown_order(answer.text)) == 41


@pytest.mark.parametrize("key", ["", "s2", "../../x", "å", "k" * 33, "<b>"])
def test_forged_step_keys_become_keys_of_their_own(browser: FlaskClient, organisation: Any, key: str) -> None:
    document = make.template_document(step_count=3)
    template = make.template(organisation, document)
    _save(browser, template.id, _fields(document) | {"steps-2-key": key, "steps-2-title": "Kept"})
    saved = _draft(template.id)
    assert [step.title for step in saved.steps] == ["Step 1", "Step 2", "Kept"]
    assert saved.step_keys[:2] == ("s1", "s2")
    assert re.fullmatch(r"[0-9a-f]{10}", saved.step_keys[2])


def test_forged_names_and_values_do_no_harm(browser: FlaskClient, organisation: Any) -> None:
    document = make.template_document(step_count=1)
    template = make.template(organisation, document)
    forged = {
        "steps-²-title": "x",
        "steps-99999999999999999999-title": "x",
        "choice-steps.nobody.title": "theirs",
        "choice-title": "nobody",
        "competences": ["1.1", "9.9", "<b>"],
        "title": "Nul\x00 and \x1b",
    }
    assert _save(browser, template.id, _fields(document) | forged).status_code == 302
    assert _draft(template.id) == replace(document, title="Nul and", competences=("1.1",))
    assert _save(browser, template.id, _fields(document) | {"steps-0-mode": "teleport"}).status_code == 422


# --- two editors -----------------------------------------------------------------------------------


def test_two_editors_of_different_fields_both_keep_theirs(browser: FlaskClient, organisation: Any) -> None:
    base = make.template_document()
    template = make.template(organisation, base)
    opened = template.revision
    theirs = replace(base, summary="Deras", steps=(*base.steps, make.step_document(3)))
    service.save_draft(template, theirs, by=system())
    db.session.commit()
    mine = replace(base, audience="Mina", steps=(base.steps[1], base.steps[0]))
    answer = _save(browser, template.id, _fields(mine, base, opened))
    assert answer.status_code == 302
    saved = _draft(template.id)
    assert (saved.summary, saved.audience) == ("Deras", "Mina")
    assert saved.step_keys == ("s2", "s1", "s3")
    assert "What someone else saved meanwhile is in it too." in browser.get(answer.location).text


@pytest.mark.parametrize(("side", "summary"), [("ours", "Min"), ("theirs", "Deras"), (None, "Min")])
def test_two_editors_of_the_same_field_choose(
    browser: FlaskClient, organisation: Any, side: str | None, summary: str
) -> None:
    base = make.template_document()
    template = make.template(organisation, base)
    opened = template.revision
    service.save_draft(template, replace(base, summary="Deras", title="Deras titel"), by=system())
    db.session.commit()
    mine = replace(base, summary="Min", audience="Mina")
    answer = _save(browser, template.id, _fields(mine, base, opened))
    assert answer.status_code == 422
    assert 'name="choice-summary"' in answer.text
    assert 'name="choice-title"' not in answer.text
    assert 'value="Deras titel"' in answer.text
    assert _draft(template.id).summary == "Deras"
    merged = replace(mine, title="Deras titel")
    again = _fields(merged, _draft(template.id), db.session.get_one(SeriesTemplate, template.id).revision)
    assert _save(browser, template.id, again | ({"choice-summary": side} if side else {})).status_code == 302
    assert _draft(template.id) == replace(merged, summary=summary)


def test_a_step_taken_away_here_and_changed_there_can_be_had_back(
    browser: FlaskClient, organisation: Any
) -> None:
    base = make.template_document(step_count=2)
    template = make.template(organisation, base)
    opened = template.revision
    changed = replace(base.steps[1], title="Ändrat")
    service.save_draft(template, replace(base, steps=(base.steps[0], changed)), by=system())
    db.session.commit()
    mine = replace(base, steps=base.steps[:1])
    answer = _save(browser, template.id, _fields(mine, base, opened))
    assert answer.status_code == 422
    assert 'name="choice-steps.s2"' in answer.text
    assert "Taken away" in answer.text
    again = _fields(mine, _draft(template.id), db.session.get_one(SeriesTemplate, template.id).revision)
    _save(browser, template.id, again | {"choice-steps.s2": "theirs"})
    assert _draft(template.id).steps == (base.steps[0], changed)


@pytest.mark.parametrize("opened_with", ["", "{", "[]", "[" * 100_000, '{"version": 2}', "null"])
def test_an_unreadable_base_never_overwrites_unseen(
    browser: FlaskClient, organisation: Any, opened_with: str
) -> None:
    base = make.template_document()
    template = make.template(organisation, base)
    mine = replace(base, summary="Min")
    answer = _save(browser, template.id, _fields(mine) | {"opened_with": opened_with})
    assert answer.status_code == 422
    assert 'name="choice-summary"' in answer.text
    assert _draft(template.id) == base


def test_publish_shows_a_draft_changed_meanwhile_before_it_is_published(
    browser: FlaskClient, organisation: Any
) -> None:
    template = make.template(organisation)
    looked_at = template.revision
    service.save_draft(template, make.template_document(title="Ändrad"), by=system())
    db.session.commit()
    answer = browser.post(
        f"/templates/{template.id}/publish", data={"revision": looked_at, "note": "Min not"}
    )
    assert answer.status_code == 422
    assert ("Ändrad" in answer.text, "Min not" in answer.text) == (True, True)
    assert "Someone changed the draft meanwhile." in answer.text
    revision = db.session.get_one(SeriesTemplate, template.id).revision
    assert browser.post(f"/templates/{template.id}/publish", data={"revision": revision}).status_code == 302


# --- versions --------------------------------------------------------------------------------------


def test_versions_stay_to_be_read(browser: FlaskClient, organisation: Any) -> None:
    first = make.published_template(organisation, make.template_document(title="Ett"), note="Början")
    service.save_draft(first.template, make.template_document(title="Två"), by=system())
    service.publish(first.template, note="Bättre", by=system())
    db.session.commit()
    old = browser.get(f"/templates/{first.template_id}/versions/1").text
    assert ("Ett" in old, "Början" in old, "This is an earlier version." in old) == (True, True, True)
    new = browser.get(f"/templates/{first.template_id}/versions/2").text
    assert ("Två" in new, "This is an earlier version." in new) == (True, False)
    assert browser.get(f"/templates/{first.template_id}/versions/3").status_code == 404


def test_archive_takes_out_of_the_gallery_and_restore_puts_back(
    browser: FlaskClient, organisation: Any
) -> None:
    version = make.published_template(organisation, make.template_document(title="Vila"))
    browser.post(f"/templates/{version.template_id}/archive")
    assert "Vila" not in browser.get("/templates").text
    assert "Vila" in browser.get("/templates/mine?show=archived").text
    assert "no longer offered" in browser.get(f"/templates/{version.template_id}/versions/1").text
    browser.post(f"/templates/{version.template_id}/restore")
    assert "Vila" in browser.get("/templates").text


# --- versions beside each other -------------------------------------------------------------------


def _second_version(version: Any, **changes: Any) -> Any:
    found = version.template
    old = from_document(version.document)
    service.save_draft(found, replace(old, **changes), by=system())
    made = service.publish(found, by=system())
    db.session.commit()
    return made


def test_anyone_compares_two_versions(client: FlaskClient) -> None:
    first = make.published_template()
    _second_version(first, summary="What it is really about")
    page = client.get(f"/templates/{first.template_id}/compare?from=1&to=2").text
    assert "What it is <ins>really </ins>about" in page
    assert "<del>really </del>" in client.get(f"/templates/{first.template_id}/compare?from=2&to=1").text


def test_only_those_who_edit_compare_with_the_draft(client: FlaskClient, sign_in: SignIn) -> None:
    organisation = make.organisation()
    version = make.published_template(organisation)
    service.save_draft(
        version.template, replace(from_document(version.document), summary="Secret news"), by=system()
    )
    db.session.commit()
    address = f"/templates/{version.template_id}/compare?from=1&to=draft"
    assert "Secret" not in client.get(address).text
    assert "Secret" not in sign_in(make.organiser()).get(address).text
    assert "Secret" in sign_in(make.user(("organiser", organisation))).get(address).text


@pytest.mark.parametrize("asked", ["from=9&to=x", "from=%00", "", "from=1&from=1&to=1"])
def test_versions_that_are_not_there_are_the_newest(client: FlaskClient, asked: str) -> None:
    version = make.published_template()
    assert client.get(f"/templates/{version.template_id}/compare?{asked}").status_code == 200


def test_the_note_begins_with_what_changed(sign_in: SignIn) -> None:
    organisation = make.organisation()
    version = make.published_template(organisation)
    document = from_document(version.document)
    new = replace(document, audience="All", steps=(*document.steps, make.step_document(3, title="Ask")))
    service.save_draft(version.template, new, by=system())
    db.session.commit()
    page = sign_in(make.user(("owner", organisation))).get(f"/templates/{version.template_id}/preview").text
    assert "Changed: audience.\nNew step: Ask." in page
    assert "What changes from version 1" in page


def test_an_old_version_becomes_the_draft_after_a_look(sign_in: SignIn) -> None:
    organisation = make.organisation()
    first = make.published_template(organisation)
    _second_version(first, summary="Other words")
    browser = sign_in(make.user(("organiser", organisation)))
    address = f"/templates/{first.template_id}/versions/1/draft"
    page = browser.get(address)
    revision = re.search(r'name="revision"[^>]*value="(\d+)"', page.text)[1]
    assert browser.post(address, data={"revision": revision}).status_code == 302
    assert queries.find_latest_version(first.template_id).number == 2
    assert db.session.get_one(SeriesTemplate, first.template_id).draft == first.document


def test_a_draft_changed_meanwhile_is_not_lost(sign_in: SignIn) -> None:
    organisation = make.organisation()
    first = make.published_template(organisation)
    _second_version(first, summary="Other words")
    browser = sign_in(make.user(("organiser", organisation)))
    answer = browser.post(f"/templates/{first.template_id}/versions/1/draft", data={"revision": "1"})
    assert answer.status_code == 422
    assert "Someone changed the draft meanwhile" in answer.text
    assert db.session.get_one(SeriesTemplate, first.template_id).draft["summary"] == "Other words"


def test_another_organisation_makes_no_draft(sign_in: SignIn) -> None:
    first = make.published_template()
    address = f"/templates/{first.template_id}/versions/1/draft"
    assert sign_in(make.organiser()).get(address).status_code == 404


def test_a_fork_is_an_own_draft_that_remembers_its_origin(sign_in: SignIn) -> None:
    version = make.published_template(document=make.template_document(title="Whole"))
    organisation = make.organisation(make.NORA)
    browser = sign_in(make.user(("organiser", organisation)))
    address = f"/templates/{version.template_id}/versions/1/fork"
    assert browser.get(address).status_code == 200
    sent = browser.post(address, data={"organisation_id": organisation.id})
    made = db.session.get_one(SeriesTemplate, int(sent.location.split("/")[2]))
    assert (made.organisation_id, made.forked_from_version_id, made.draft) == (
        organisation.id,
        version.id,
        version.document,
    )
    service.publish(made, by=system())
    db.session.commit()
    assert "Whole, version 1" in browser.get(f"/templates/{made.id}/versions/1").text
    assert browser.post(address, data={"organisation_id": "999999"}).status_code == 422


def test_what_is_not_shown_is_not_forked_and_not_named(sign_in: SignIn) -> None:
    version = make.published_template(document=make.template_document(title="Hidden origin"))
    organisation = make.organisation(make.STOCKHOLM)
    made = service.fork(version, organisation, by=system())
    service.save_draft(made, make.template_document(title="Own"), by=system())
    service.publish(made, by=system())
    version.template.visibility = "own"
    db.session.commit()
    browser = sign_in(make.user(("organiser", organisation)))
    assert browser.get(f"/templates/{version.template_id}/versions/1/fork").status_code == 404
    assert "Hidden origin" not in browser.get(f"/templates/{made.id}/versions/1").text


def test_who_finds_a_template_is_chosen_by_those_who_make_it(sign_in: SignIn) -> None:
    organisation = make.organisation()
    version = make.published_template(organisation)
    address = f"/templates/{version.template_id}/visibility"
    browser = sign_in(make.user(("organiser", organisation)))
    assert browser.post(address, data={"visibility": "county"}).status_code == 302
    assert browser.post(address, data={"visibility": "nobody"}).status_code == 422
    assert sign_in(make.organiser()).post(address, data={"visibility": "own"}).status_code == 404
    db.session.expire_all()
    assert db.session.get_one(SeriesTemplate, version.template_id).visibility == "county"
    page = browser.get(f"/templates/{version.template_id}/preview").text
    assert re.findall(r'<input checked[^>]*value="(\w+)"', page) == ["county"]
