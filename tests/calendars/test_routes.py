"""What calendar programmes and people get over HTTP."""

import gzip
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import icalendar
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from planner.accounts.models import User
from planner.base.clock import now
from planner.base.db import db, unit_of_work
from planner.base.viewer import Role
from planner.calendars import queries, service
from planner.calendars.models import Feed
from planner.calendars.rules import FeedWish, ScopeKind
from planner.directory.rules import person_token
from planner.series import service as series_service
from planner.series.models import Series, TrainingSession
from planner.series.queries import get_training
from planner.series.service.sessions import details_of
from tests import factories as make

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def series(app: Flask) -> Series:
    series = make.published_series(title="Ökad lönsamhet", key="okad")
    make.training(series, mode="digital", join_url="https://meet.example/rum-8")
    return series


@pytest.fixture
def private(app: Flask, series: Series) -> tuple[Feed, str]:
    """A feed of a company in the series, and its path."""
    company = make.company(name="Åkeriet")
    make.cohort(series, company)
    viewer = make.viewer_of(make.organiser(make.LINDESBERG))
    subject = queries.get_subject(viewer, "company", str(company.id))
    with unit_of_work():
        feed = service.create_feed(
            subject, FeedWish(name="Ekonomi"), by=viewer, secret=app.config["SECRET_KEY"]
        )
    return feed, f"/feeds/{queries.feed_token(app.config['SECRET_KEY'], feed)}.ics"


PUBLIC = "/calendars/series/okad.ics"


def test_a_public_feed(client: FlaskClient, series: Series) -> None:
    answer = client.get(PUBLIC)
    assert answer.status_code == 200
    names = (
        "Content-Type", "Content-Disposition", "Cache-Control", "Access-Control-Allow-Origin", "Vary",
        "Referrer-Policy", "X-Robots-Tag", "Location", "Set-Cookie", "Content-Encoding", "Last-Modified",
    )  # fmt: skip
    assert {name: answer.headers.get(name) for name in names} == {
        "Content-Type": "text/calendar; charset=utf-8",
        "Content-Disposition": 'inline; filename="series-okad.ics"',
        "Cache-Control": "private, no-cache",
        "Access-Control-Allow-Origin": "*",
        "Vary": "Accept-Encoding",
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex",
        "Location": None,
        "Set-Cookie": None,
        "Content-Encoding": None,
        "Last-Modified": None,
    }
    calendar = icalendar.Calendar.from_ical(answer.data)
    assert "\r\nX-WR-CALNAME:Ökad lönsamhet\\, Lindesberg\r\n".encode() in answer.data
    assert len(calendar.events) == 1
    assert b"meet.example" not in answer.data


@pytest.mark.parametrize("header", ["{tag}", "{strong}", '"other", {tag}', "*", '"a",{strong} , W/"b"'])
def test_an_unchanged_feed_is_answered_by_304(client: FlaskClient, series: Series, header: str) -> None:
    first = client.get(PUBLIC)
    tag = first.headers["ETag"]
    assert tag.startswith('W/"')
    asked = header.format(tag=tag, strong=tag.removeprefix("W/"))
    for encoding in ("", "gzip"):
        again = client.get(PUBLIC, headers={"If-None-Match": asked, "Accept-Encoding": encoding})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
        assert "Content-Type" not in again.headers
        assert again.headers["Vary"] == "Accept-Encoding"
        assert again.headers["Access-Control-Allow-Origin"] == "*"


def test_another_tag_or_an_old_date_gets_the_feed(client: FlaskClient, series: Series) -> None:
    old = {"If-None-Match": 'W/"0123"', "If-Modified-Since": "Tue, 06 Oct 2099 08:00:00 GMT"}
    assert client.get(PUBLIC, headers=old).status_code == 200


def test_a_change_changes_the_tag(client: FlaskClient, series: Series) -> None:
    before = client.get(PUBLIC).headers["ETag"]
    db.session.refresh(series, ["steps"])
    make.training(series)
    answer = client.get(PUBLIC, headers={"If-None-Match": before})
    assert (answer.status_code, answer.headers["ETag"] != before) == (200, True)


def test_head_is_get_without_a_body(client: FlaskClient, series: Series) -> None:
    get, head = client.get(PUBLIC), client.head(PUBLIC)
    assert (head.status_code, head.data) == (200, b"")
    ours = {"Content-Length", "Content-Type", "ETag", "Vary", "Cache-Control", "Content-Disposition"}
    assert {name: head.headers[name] for name in ours} == {name: get.headers[name] for name in ours}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"])
def test_other_methods_are_refused_in_plain_words(
    client: FlaskClient, private: tuple[Feed, str], method: str
) -> None:
    for path in (PUBLIC, private[1]):
        answer = client.open(path, method=method)
        assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
        assert answer.content_type == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip", "gzip"),
        ("deflate, gzip;q=0.5", "gzip"),
        ("gzip;q=0", None),
        ("*", None),
        ("br", None),
        ("", None),
    ],
)
def test_gzip_only_when_asked(
    client: FlaskClient, series: Series, accepted: str, encoding: str | None
) -> None:
    plain = client.get(PUBLIC)
    answer = client.get(PUBLIC, headers={"Accept-Encoding": accepted})
    assert answer.headers.get("Content-Encoding") == encoding
    assert (gzip.decompress(answer.data) if encoding else answer.data) == plain.data
    assert answer.headers["ETag"] == plain.headers["ETag"]
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert int(answer.headers["Content-Length"]) == len(answer.data)


def test_nothing_is_negotiated_by_accept_or_language(client: FlaskClient, series: Series) -> None:
    bare = client.get(PUBLIC)
    for headers in ({"Accept": "text/html"}, {"Accept-Language": "en"}, {"Accept": "application/json;q=1"}):
        assert client.get(PUBLIC, headers=headers).data == bare.data


def test_the_language_is_in_the_address(client: FlaskClient, series: Series) -> None:
    swedish, english = client.get(PUBLIC).data, client.get(f"{PUBLIC}?lang=en").data
    assert (b"Digitalt" in swedish, b"Online" in english, swedish != english) == (True, True, True)
    assert client.get(f"{PUBLIC}?lang=xx").data == swedish


def test_download_is_an_attachment_with_the_same_bytes(client: FlaskClient, series: Series) -> None:
    answer = client.get(f"{PUBLIC}?download=1")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="series-okad.ics"'
    assert answer.data == client.get(PUBLIC).data


def test_a_private_feed_by_its_token(client: FlaskClient, private: tuple[Feed, str]) -> None:
    answer = client.get(private[1])
    assert answer.status_code == 200
    assert b"https://meet.example/rum-8" in answer.data.replace(b"\r\n ", b"")
    assert "Access-Control-Allow-Origin" not in answer.headers
    token = private[1].removeprefix("/feeds/").removesuffix(".ics")
    assert token.encode() not in answer.data
    assert token not in str(answer.headers)
    again = client.get(private[1], headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_no_token_opens_nothing_and_tells_nothing(client: FlaskClient, private: tuple[Feed, str]) -> None:
    feed, path = private
    service.revoke_feed(feed)
    db.session.commit()
    company = feed.scope_key
    paths = [
        path, "/feeds/aaaabbbbccccddddeeeeffffgggghhhh.ics", "/feeds/x.ics", "/feeds/%C3%A5%00.ics",
        "/feeds/a/b.ics", "/feeds//x.ics", f"/calendars/company/{company}.ics", "/calendars/series/none.ics",
        "/calendars/nothing/1.ics", "/calendars/facilitator/1.ics", "/calendars/municipality/0.ics", "/x.ics",
    ]  # fmt: skip
    answers = [client.get(path) for path in paths]
    told = {(answer.status_code, answer.data, tuple(sorted(answer.headers.items()))) for answer in answers}
    assert len(told) == 1
    ((status, body, headers),) = told
    assert (status, body) == (404, b"There is no calendar at this address.\n")
    assert dict(headers)["Content-Type"] == "text/plain; charset=utf-8"
    assert "Set-Cookie" not in dict(headers)


def test_a_signed_in_browser_gets_no_cookie_from_a_feed(sign_in: SignIn, series: Series) -> None:
    browser = sign_in(make.user())
    with browser.session_transaction() as session:
        session.permanent = True
    answer = browser.get(PUBLIC)
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_a_public_feed_asks_nothing_about_the_viewer(
    sign_in: SignIn, series: Series, count_queries: Callable[[], Any]
) -> None:
    browser = sign_in(make.user())
    with count_queries() as count:
        browser.get(PUBLIC)
    assert not [statement for statement in count.statements if "sign_in" in statement]


def test_a_fetch_is_noted_with_the_kind_of_programme(client: FlaskClient, private: tuple[Feed, str]) -> None:
    feed, path = private
    client.get(path, headers={"User-Agent": "Google-Calendar-Importer"})
    db.session.refresh(feed)
    assert (feed.fetched_at, feed.fetched_by) == (now(), "google")


def test_a_fetch_that_cannot_be_noted_still_gives_the_feed(
    client: FlaskClient, private: tuple[Feed, str]
) -> None:
    def refuse(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("UPDATE feed"):
            raise OperationalError(statement, {}, Exception("database is locked"))

    sa.event.listen(sa.Engine, "before_cursor_execute", refuse)
    try:
        answer = client.get(private[1])
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", refuse)
    db.session.refresh(private[0])
    assert (answer.status_code, private[0].fetched_at) == (200, None)


def test_a_moved_session_keeps_its_uid_and_raises_its_sequence(client: FlaskClient, series: Series) -> None:
    planner = make.viewer_of(make.organiser(make.LINDESBERG))
    (before,) = icalendar.Calendar.from_ical(client.get(PUBLIC).data).events
    with unit_of_work():
        training = get_training(planner, series_training_id(series), to_edit=True)
        details = details_of(training).shifted(training.starts_at + timedelta(days=1))
        series_service.edit_session(training, details, by=planner)
    (after,) = icalendar.Calendar.from_ical(client.get(PUBLIC).data).events
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after.start - before.start == timedelta(days=1)
    assert after["DTSTAMP"].dt == after["LAST-MODIFIED"].dt > before["DTSTAMP"].dt


def series_training_id(series: Series) -> int:
    return db.session.scalars(
        sa.select(TrainingSession.id).where(TrainingSession.series_id == series.id)
    ).one()


# --- pages ----------------------------------------------------------------------------------------


def test_the_page_of_a_public_calendar_works_for_anyone(client: FlaskClient, series: Series) -> None:
    page = client.get("/subscribe/series/okad").text
    https = "http://127.0.0.1:8000/calendars/series/okad.ics"
    assert f'value="{https}?lang=en"' in page  # the test's browser speaks English
    assert f'href="{https.replace("http://", "webcal://")}?lang=en"' in page
    assert "https://outlook.office.com/calendar/0/addfromweb?url=http%3A%2F%2F" in page
    assert "https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2F" in page
    assert "<svg" in page
    assert f'value="{https}"' in client.get("/subscribe/series/okad?lang=sv").text


def test_a_public_calendar_is_narrowed_on_its_page(client: FlaskClient, series: Series) -> None:
    make.training(series, mode="on_site")
    page = client.get("/subscribe/series/okad?mode=digital&open=1&lang=sv&scope=x&junk=y").text
    path = feed_path(page)
    assert path == "/calendars/series/okad.ics?mode=digital&amp;open=1"
    assert 'href="webcal://127.0.0.1:8000/calendars/series/okad.ics?mode=digital&amp;open=1"' in page
    assert '/subscribe/series/okad/qr.svg?mode=digital&amp;open=1&amp;lang=sv"' in page
    assert ('selected value="digital"' in page, 'checked id="open"' in page.replace(' class=""', "")) == (
        True,
        True,
    )
    events = icalendar.Calendar.from_ical(client.get(path.replace("&amp;", "&")).data).events
    assert len(events) == 1
    assert feed_path(client.get("/subscribe/series/okad?mode=x&open=0&lang=sv").text) == PUBLIC
    codes = {
        client.get(f"/subscribe/series/okad/qr.svg{asked}").data for asked in ("", "?mode=digital", "?mode=x")
    }
    assert len(codes) == 2


def test_one_session_is_not_narrowed(client: FlaskClient, series: Series) -> None:
    uid = db.session.get_one(TrainingSession, series_training_id(series)).uid
    page = client.get(f"/subscribe/session/{uid}").text
    assert ('name="mode"' in page, 'name="lang"' in page) == (False, True)


def test_the_qr_code_is_a_picture(client: FlaskClient, series: Series) -> None:
    answer = client.get("/subscribe/series/okad/qr.svg")
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert b"style" not in answer.data
    assert client.get("/subscribe/company/1/qr.svg").status_code == 404


@pytest.mark.parametrize("path", ["series/none", "nothing/1", "session/1", "company/999"])
def test_no_page_for_what_has_no_calendar(sign_in: SignIn, path: str) -> None:
    assert sign_in(make.organiser()).get(f"/subscribe/{path}").status_code == 404


def test_a_company_calendar_takes_an_account_that_may_see_it(client: FlaskClient, sign_in: SignIn) -> None:
    path = f"/subscribe/company/{make.company().id}"
    assert client.get(path).status_code == 302
    assert sign_in(make.organiser(make.OREBRO)).get(path).status_code == 404
    assert sign_in(make.organiser(make.LINDESBERG)).get(path).status_code == 200


def test_making_showing_renewing_and_revoking_ones_own_feed(sign_in: SignIn, client: FlaskClient) -> None:
    user = make.user((Role.facilitator, make.organisation()))
    browser = sign_in(user)
    subscribe = f"/subscribe/facilitator/{user.id}"
    assert browser.post(subscribe, data={"name": " ", "language": "sv", "reminder": ""}).status_code == 422
    made = browser.post(subscribe, data={"name": "Jobbet", "language": "sv", "reminder": "15"})
    shown = made.headers["Location"]
    first = feed_path(browser.get(shown).text)
    assert client.get(first).status_code == 200
    listed = browser.get("/feeds").text
    assert ("Jobbet" in listed, f"Sessions led by {user.name}" in listed) == (True, True)
    assert browser.get(f"{shown}/renew").status_code == 200
    browser.post(f"{shown}/renew")
    second = feed_path(browser.get(shown).text)
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    browser.post(f"{shown}/revoke")
    assert (client.get(second).status_code, browser.get(shown).status_code) == (404, 404)
    assert "Jobbet" not in browser.get("/feeds").text


def test_a_feed_is_edited_at_the_same_address(sign_in: SignIn, client: FlaskClient) -> None:
    user = make.user((Role.facilitator, make.organisation()))
    series = make.published_series()
    make.training(series, mode="digital", facilitators=[user])
    make.training(series, mode="on_site", facilitators=[user])
    browser = sign_in(user)
    new = {"name": "Jobbet", "language": "sv", "reminder": "", "detail": "full", "mode": ""}
    shown = browser.post(f"/subscribe/facilitator/{user.id}", data=new).headers["Location"]
    path = feed_path(browser.get(shown).text)
    before = client.get(path).data
    assert "Jobbet" in browser.get(f"{shown}/edit").text
    assert browser.post(f"{shown}/edit", data={**new, "name": ""}).status_code == 422
    changed = {
        **new,
        "name": "Hemma",
        "language": "en",
        "reminder": "15",
        "detail": "brief",
        "mode": "digital",
    }
    assert browser.post(f"{shown}/edit", data=changed).headers["Location"] == shown
    after = client.get(path).data
    assert (before.count(b"BEGIN:VEVENT"), after.count(b"BEGIN:VEVENT")) == (2, 1)
    assert (after.count(b"BEGIN:VALARM"), b"TRIGGER:-PT15M" in after, b"Online" in after) == (1, True, True)
    assert (b"Know" in after, "Hemma" in browser.get(shown).text) == (False, True)


def feed_path(page: str) -> str:
    return page.split('readonly value="http://127.0.0.1:8000')[1].split('"', maxsplit=1)[0]


def test_ones_feeds_are_nobody_elses(sign_in: SignIn, private: tuple[Feed, str]) -> None:
    stranger = sign_in(make.organiser(make.LINDESBERG))
    for path in ("", "/renew", "/revoke", "/other"):
        assert stranger.get(f"/feeds/{private[0].id}{path}").status_code == 404
    assert stranger.post(f"/feeds/{private[0].id}/revoke").status_code == 404
    assert stranger.get("/feeds").status_code == 200


def test_a_contact_subscribes_by_their_personal_link(app: Flask, client: FlaskClient) -> None:
    person = make.person(make.company(name="Åkeriet"), is_contact=True)
    token = person_token(app.config["SECRET_KEY"], person)
    page = f"/p/{token}/subscribe"
    assert "All for Åkeriet" in client.get(page).text
    made = client.post(page, data={"name": "Mobilen", "language": "sv", "reminder": ""})
    shown = made.headers["Location"]
    path = feed_path(client.get(shown).text)
    assert client.get(path).status_code == 200
    listed = client.get(page).text
    assert ("Mobilen" in listed, "Sessions for Åkeriet" in listed, "Not yet" in listed) == (True, True, False)
    client.post(f"{shown}/renew")
    assert client.get(path).status_code == 404
    client.post(f"{shown}/revoke")
    assert client.get(shown).status_code == 404


def test_a_personal_link_that_is_none_opens_nothing(app: Flask, client: FlaskClient) -> None:
    person, other = make.person(make.company()), make.person(make.company())
    secret = app.config["SECRET_KEY"]
    feed = service.feed_for_person(
        other, ScopeKind.COMPANY, str(other.company_id), FeedWish(name="Mobilen"), secret=secret
    )
    db.session.commit()
    token = person_token(secret, person)
    paths = [
        "/p/1-x/subscribe", f"/p/{token}/feeds/{feed.id}", f"/p/{token}/feeds/{feed.id}/edit",
        f"/p/{token}/feeds/{feed.id}/revoke",
    ]  # fmt: skip
    assert [client.get(path).status_code for path in paths] == [404] * 4


@pytest.mark.parametrize("has_company", [True, False])
def test_a_participant_subscribes_to_their_own_sessions(
    app: Flask, client: FlaskClient, series: Series, has_company: bool
) -> None:
    company = make.company(name="Åkeriet")
    cohort = make.cohort(series, company)
    theirs, _not_theirs = (make.training(series, cohort_id=cohort.id) for _ in range(2))
    person = make.person(company if has_company else None)
    make.seat(theirs, person)
    link = f"/p/{person_token(app.config['SECRET_KEY'], person)}"
    assert ("All sessions for Åkeriet" in client.get(link).text) is has_company
    page = client.get(f"{link}/subscribe").text
    assert ('value="company"' in page, "Åkeriet" in page) == (has_company, has_company)
    shown = client.post(f"{link}/subscribe", data={"name": "Mobilen", "language": "sv"}).headers["Location"]
    body = client.get(feed_path(client.get(shown).text)).data
    events = icalendar.Calendar.from_ical(body).events
    assert [(str(event["UID"]).split("@")[0], event["CLASS"]) for event in events] == [
        (theirs.uid, "PRIVATE")
    ]


def test_whose_sessions_is_the_persons_choice(app: Flask, client: FlaskClient, series: Series) -> None:
    company = make.company(name="Åkeriet")
    make.training(series, cohort_id=make.cohort(series, company).id)
    person = make.person(company)
    link = f"/p/{person_token(app.config['SECRET_KEY'], person)}/subscribe"
    new = {"name": "Mobilen", "language": "sv"}
    shown = client.post(link, data={**new, "whose": "company"}).headers["Location"]
    assert client.get(feed_path(client.get(shown).text)).data.count(b"BEGIN:VEVENT") == 2
    checked = 'checked id="whose-1"'
    found = [checked in client.get(f"{link}{asked}").text for asked in ("", "?whose=company", "?whose=x")]
    assert found == [False, True, False]
    assert client.post(link, data={**new, "whose": "facilitator"}).status_code == 422


WISH = {
    "name": "Jobbet",
    "language": "en",
    "reminder": "60",
    "detail": "brief",
    "mode": "digital",
    "open_seats": "y",
}


def test_a_new_feed_is_made_as_it_was_chosen(sign_in: SignIn, app: Flask, client: FlaskClient) -> None:
    user, person = make.user((Role.facilitator, make.organisation())), make.person(make.company())
    made = (
        (sign_in(user), f"/subscribe/facilitator/{user.id}"),
        (client, f"/p/{person_token(app.config['SECRET_KEY'], person)}/subscribe"),
    )
    for browser, page in made:
        assert '<details class="feed-shows">' in browser.get(page).text
        assert browser.post(page, data=WISH).status_code == 302
    shows = [(f.name, f.language, f.reminder_minutes, f.detail, f.mode, f.open_seats) for f in all_feeds()]
    assert shows == [("Jobbet", "en", 60, "brief", "digital", True)] * 2


def test_nothing_chosen_is_lost_when_a_new_feed_is_refused(sign_in: SignIn) -> None:
    user = make.user((Role.facilitator, make.organisation()))
    page = f"/subscribe/facilitator/{user.id}"
    answer = sign_in(user).post(page, data={**WISH, "name": ""})
    assert (answer.status_code, all_feeds()) == (422, [])
    assert '<details class="feed-shows" open>' in answer.text
    for value in ("en", "60", "brief", "digital"):
        assert f'selected value="{value}"' in answer.text
    assert 'checked class="" id="open_seats"' in answer.text


def all_feeds() -> list[Feed]:
    return list(db.session.scalars(sa.select(Feed).order_by(Feed.id)))


def test_the_list_shows_when_and_by_what_a_feed_was_fetched(sign_in: SignIn, app: Flask) -> None:
    user = make.organiser()
    with unit_of_work():
        viewer = make.viewer_of(user)
        feed = service.create_feed(
            queries.get_subject(viewer, "municipality", make.LINDESBERG), FeedWish(name="Hemma"), by=viewer,
            secret=app.config["SECRET_KEY"],
        )  # fmt: skip
    browser = sign_in(user)
    assert "Not yet" in browser.get("/feeds").text
    feed.fetched_at, feed.fetched_by = now(), "outlook_web"
    db.session.commit()
    assert "Outlook on the web" in browser.get("/feeds").text
