"""Calendar programmes: how each is recognised, and the links that each understands."""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote


class Client(StrEnum):
    """The kind of programme that fetched a feed."""

    GOOGLE = "google"
    OUTLOOK = "outlook"
    OUTLOOK_WEB = "outlook_web"
    APPLE = "apple"
    THUNDERBIRD = "thunderbird"
    NEXTCLOUD = "nextcloud"
    ANDROID = "android"
    BROWSER = "browser"
    OTHER = "other"


# Looked for in this order: many call themselves Mozilla, and Outlook's service also names Office.
_SIGNS: tuple[tuple[Client, tuple[str, ...]], ...] = (
    (Client.GOOGLE, ("google-calendar", "googlebot", "feedfetcher-google")),
    (Client.OUTLOOK_WEB, ("exchange", "owa/", "outlook-web", "office365")),
    (Client.OUTLOOK, ("microsoft outlook", "microsoft office", "outlook")),
    (Client.THUNDERBIRD, ("thunderbird", "betterbird", "lightning/")),
    (Client.NEXTCLOUD, ("nextcloud", "owncloud")),
    (Client.ANDROID, ("icsx", "davx", "davdroid", "dalvik", "okhttp")),
    (Client.APPLE, ("calendaragent", "dataaccessd", "accountsd", "ical/", "coredav", "caldavd", "remindd")),
    (Client.BROWSER, ("mozilla/", "opera/")),
)


def client_of(user_agent: str) -> Client:
    """The kind of programme that sends this User-Agent."""
    said = user_agent.casefold()
    for client, signs in _SIGNS:
        if any(sign in said for sign in signs):
            return client
    return Client.OTHER


@dataclass(frozen=True, slots=True)
class Addresses:
    """A feed's address (absolute, https) in the forms that programmes take; `name` is what they may call it."""

    https: str
    name: str

    @property
    def webcal(self) -> str:
        """The address that opens the device's own calendar programme."""
        return f"webcal://{self.https.split('://', 1)[1]}"

    @property
    def google(self) -> str:
        """Google Calendar's page that asks whether to add it."""
        return f"https://calendar.google.com/calendar/r?cid={quote(self.webcal, safe='')}"

    @property
    def outlook_work(self) -> str:
        """Outlook on the web, with an account of an organisation."""
        return f"https://outlook.office.com/calendar/0/addfromweb?{self._outlook}"

    @property
    def outlook_home(self) -> str:
        """Outlook on the web, with a personal account."""
        return f"https://outlook.live.com/calendar/0/addfromweb?{self._outlook}"

    @property
    def _outlook(self) -> str:
        return f"url={quote(self.https, safe='')}&name={quote(self.name, safe='')}"

    @property
    def download(self) -> str:
        """The same bytes as a file to keep."""
        return f"{self.https}{'&' if '?' in self.https else '?'}download=1"
