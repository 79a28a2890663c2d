"""Calendar programmes by their names, links into them, and what feeds are called."""

import pytest

from planner.calendars import rules
from planner.calendars.rules import Addresses, Client, Language, ScopeKind

MAC = "macOS/14.5 (23F79) CalendarAgent/1010"
WINDOWS = (
    "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17628; Pro)",
    "Mozilla/4.0 (compatible; ms-office; MSOffice 16) Microsoft Outlook 16.0",
)


@pytest.mark.parametrize(
    ("user_agent", "client"),
    [
        ("Google-Calendar-Importer", Client.GOOGLE),
        (WINDOWS[0], Client.OUTLOOK),
        (WINDOWS[1], Client.OUTLOOK),
        ("Microsoft.Exchange/15.20 (Windows NT 10.0; Win64; x64)", Client.OUTLOOK_WEB),
        (MAC, Client.APPLE),
        ("iOS/17.5 (21F79) dataaccessd/1.0", Client.APPLE),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Thunderbird/128.1", Client.THUNDERBIRD),
        ("Nextcloud Server Crawler", Client.NEXTCLOUD),
        ("ICSx5/2.2 (okhttp/4.12)", Client.ANDROID),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36", Client.BROWSER),
        ("vdirsyncer/0.19", Client.OTHER),
        ("", Client.OTHER),
    ],
)
def test_client_of(user_agent: str, client: Client) -> None:
    assert rules.client_of(user_agent) is client


def test_addresses_in_the_forms_programmes_take() -> None:
    https = "https://plan.example/calendars/series/a.ics?lang=en"
    ways = Addresses(https, "Mål & medel, Örebro")
    written = "https%3A%2F%2Fplan.example%2Fcalendars%2Fseries%2Fa.ics%3Flang%3Den"
    name = "M%C3%A5l%20%26%20medel%2C%20%C3%96rebro"
    assert ways.webcal == "webcal://plan.example/calendars/series/a.ics?lang=en"
    assert ways.google == f"https://calendar.google.com/calendar/r?cid=webcal{written.removeprefix('https')}"
    assert ways.outlook_work == f"https://outlook.office.com/calendar/0/addfromweb?url={written}&name={name}"
    assert ways.outlook_home == ways.outlook_work.replace("outlook.office.com", "outlook.live.com")
    assert ways.download == f"{https}&download=1"
    assert Addresses("https://plan.example/feeds/t.ics", "x").download.endswith("/feeds/t.ics?download=1")


@pytest.mark.parametrize(
    ("scope", "language", "title"),
    [
        (ScopeKind.SERIES, "sv", "Åbo {x}"),
        (ScopeKind.MUNICIPALITY, "sv", "Träffar i Åbo {x}"),
        (ScopeKind.COMPANY, "en", "Sessions for Åbo {x}"),
        (ScopeKind.FACILITATOR, "sv", "Träffar som Åbo {x} leder"),
    ],
)
def test_feed_title(scope: ScopeKind, language: Language, title: str) -> None:
    assert rules.feed_title(scope, "Åbo {x}", language) == title


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (("Salen", "Masugnen", "Kristinavägen 1"), "Salen, Masugnen, Kristinavägen 1"),
        (("Masugnen", " Masugnen ", ""), "Masugnen"),
        (("", "", ""), ""),
    ],
)
def test_place_words(parts: tuple[str, str, str], words: str) -> None:
    assert rules.place_words(*parts) == words
