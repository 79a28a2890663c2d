"""What a page shows of one feed: its address in every form, and a QR code."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from planner.calendars import rules
from planner.calendars.models import Feed
from planner.calendars.queries import Subject, shown_token
from planner.calendars.rules import Addresses, Language
from planner.web import formats
from planner.web.links import site_link
from planner.web.qr import qr_svg
from planner.web.settings import current_settings


@dataclass(frozen=True, slots=True)
class Ways:
    """A feed's addresses, and the QR code for a phone."""

    addresses: Addresses
    qr: Markup


def secret() -> str:
    """The site's secret, from which tokens are derived."""
    return current_settings().secret


def page_language() -> Language:
    """The language of this page, as feeds know it."""
    return rules.as_language(formats.page_language())


def public_ways(subject: Subject, language: Language, kept: dict[str, str]) -> Ways:
    """The ways to a public scope's readable address, narrowed as `kept` says (rules.kept_choices).

    The QR code leads to this very page, for any phone.
    """
    told = {**kept, "lang": language}
    if language == "sv":
        del told["lang"]
    https = site_link("calendars.public_feed", scope=subject.scope.value, key=subject.key, **told)
    return Ways(Addresses(https, subject.title(language)), _inline(page_link(subject, kept)))


def page_link(subject: Subject, kept: dict[str, str]) -> str:
    """The whole address of the page of a public calendar with these choices."""
    return site_link("calendars.subscribe", scope=subject.scope.value, key=subject.key, **kept)


def private_ways(feed: Feed, title: str) -> Ways | None:
    """The ways to a feed by its token; None when it has to be renewed first. The QR code opens the calendar."""
    token = shown_token(secret(), feed)
    if token is None:
        return None
    addresses = Addresses(site_link("calendars.private_feed", token=token), title)
    return Ways(addresses, _inline(addresses.webcal))


def _inline(text: str) -> Markup:
    return Markup(qr_svg(text).decode())  # noqa: S704 - drawn by us; the text is in it as squares only
