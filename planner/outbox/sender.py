"""Hands letters to a mail server. The only importer of smtplib."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Protocol

from planner.base.config import UID_DOMAIN, Settings
from planner.base.tokens import digest
from planner.outbox.rules import CalendarPart, DeliveryError, Letter

SECONDS = 20
IMPLICIT_TLS_PORT = 465


class Sender(Protocol):
    """Anything that can carry a letter out."""

    def send(self, letter: Letter) -> None:
        """Hand the letter over; raises DeliveryError when it was not taken."""

    def close(self) -> None:
        """Let go of the connection, if there is one."""


class MailboxSender:
    """The demo's: nothing leaves the machine; the text stays readable in the site's own mailbox."""

    def send(self, letter: Letter) -> None:
        """Nothing to do."""

    def close(self) -> None:
        """Nothing to do."""


class SmtpSender:
    """Sends over SMTP, one connection for as many letters as are due."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._connection: smtplib.SMTP | None = None

    def send(self, letter: Letter) -> None:
        """Hand the letter over; raises DeliveryError with the server's words when it was not taken."""
        try:
            message = compose(
                letter, self._settings.mail_sender, UID_DOMAIN, reply_to=self._settings.reply_address
            )
        except ValueError as error:
            raise DeliveryError(f"cannot be written as a mail: {error}", permanent=True) from error
        try:
            self._connected().send_message(message)
        except smtplib.SMTPException as error:
            self.close()
            raise DeliveryError(_words(error), permanent=_is_permanent(error)) from error
        except OSError as error:
            self.close()
            raise DeliveryError(f"no connection to the mail server: {error}") from error

    def check(self) -> None:
        """Connect and sign in without sending; raises DeliveryError."""
        try:
            self._connected().noop()
        except (smtplib.SMTPException, OSError) as error:
            raise DeliveryError(_words(error)) from error
        finally:
            self.close()

    def close(self) -> None:
        """Say goodbye to the server."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()
            connection.close()

    def _connected(self) -> smtplib.SMTP:
        if self._connection is None:
            self._connection = self._connect()
        return self._connection

    def _connect(self) -> smtplib.SMTP:
        settings, context = self._settings, ssl.create_default_context()
        host, port = settings.mail_server, settings.mail_port
        connection: smtplib.SMTP
        if settings.mail_tls and port == IMPLICIT_TLS_PORT:
            connection = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=context)
        else:
            connection = smtplib.SMTP(host, port, timeout=SECONDS)
        try:
            if settings.mail_tls and port != IMPLICIT_TLS_PORT:
                connection.starttls(context=context)
            if settings.mail_user:
                connection.login(settings.mail_user, settings.mail_password)
        except BaseException:
            connection.close()
            raise
        return connection


def sender_for(settings: Settings) -> Sender | None:
    """The sender that the settings ask for; None when mail has to stay queued."""
    if settings.mail_server:
        return SmtpSender(settings)
    return MailboxSender() if settings.demo else None


def compose(letter: Letter, from_address: str, domain: str, *, reply_to: str = "") -> EmailMessage:
    """The letter as text and HTML in UTF-8 (RFC 5322), with the same Message-ID whenever it is sent again.

    Raises ValueError when an address cannot stand in a header.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = from_address
    message["To"] = letter.recipient
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.written_at)
    message["Message-ID"] = f"<{digest(letter.key)[:32]}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies, please
    if letter.unsubscribe:  # RFC 8058: a mail programme may end such letters by one POST
        message["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.body, charset="utf-8")
    if letter.html:
        message.add_alternative(letter.html, subtype="html", charset="utf-8")
    if letter.calendar is not None:
        if reply_to:
            message["Reply-To"] = reply_to
        _add_calendar(message, letter.calendar)
    return message


def _add_calendar(message: EmailMessage, part: CalendarPart) -> None:
    """The calendar twice, the same bytes both times, in base64 so that no relay may touch them.

    Gmail and Outlook act on the alternative with the method (RFC 6047 section 2.4); Apple Mail and programmes that
    know no calendars offer the attached file.
    """
    data = part.text.encode()
    kind = {"method": part.method, "charset": "utf-8"}
    message.add_alternative(data, maintype="text", subtype="calendar", cte="base64", params=kind)
    message.add_attachment(data, maintype="application", subtype="ics", cte="base64", filename="invite.ics")


def _is_permanent(error: smtplib.SMTPException) -> bool:
    """Whether the server refuses this letter for good (a 5xx about the recipient or the content)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return True
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, reply = next(iter(error.recipients.values()))
        return f"recipient refused: {code} {_text(reply)}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{type(error).__name__}: {error.smtp_code} {_text(error.smtp_error)}"
    return f"{type(error).__name__}: {error}"


def _text(reply: bytes | str) -> str:
    return reply.decode(errors="replace") if isinstance(reply, bytes) else reply
