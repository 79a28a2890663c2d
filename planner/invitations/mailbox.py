"""The mailbox that answers come to: a maildir, or IMAP. The only importer of imaplib."""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from planner.base.config import Settings
from planner.invitations.letters import MOST_BYTES

SECONDS: Final = 20


class MailboxError(Exception):
    """The mailbox could not be opened or read; the message says why."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One unread letter. `name` is unlike that of any other letter ever in this mailbox; too large a one is empty."""

    name: str
    content: bytes


class Mailbox(Protocol):
    """Anything that unread letters can be taken from."""

    def unread(self, limit: int) -> Iterator[Arrival]:
        """At most `limit` unread letters, oldest first; raises MailboxError."""

    def mark_read(self, arrival: Arrival) -> None:
        """Say that the letter has been handled; nothing when another worker has said so."""

    def check(self) -> None:
        """Open it without touching a letter; raises MailboxError."""

    def close(self) -> None:
        """Let go of the connection, if there is one."""


class Maildir:
    """A maildir: what lies in `new` is unread, what is handled moves to `cur` with the flag S."""

    def __init__(self, folder: Path) -> None:
        self._new, self._cur = folder / "new", folder / "cur"

    def unread(self, limit: int) -> Iterator[Arrival]:
        """At most `limit` unread letters, oldest first; raises MailboxError."""
        try:
            names = sorted(file.name for file in self._new.iterdir())[:limit]
        except OSError as error:
            raise MailboxError(f"the maildir cannot be read: {error.strerror}") from error
        for name in names:
            with suppress(FileNotFoundError):  # another worker was faster
                file = self._new / name
                is_fit = file.stat().st_size <= MOST_BYTES
                yield Arrival(f"maildir:{name}", file.read_bytes() if is_fit else b"")

    def mark_read(self, arrival: Arrival) -> None:
        """Say that the letter has been handled; nothing when another worker has said so."""
        name = arrival.name.removeprefix("maildir:")
        with suppress(FileNotFoundError):
            (self._new / name).rename(self._cur / f"{name.partition(':')[0]}:2,S")

    def check(self) -> None:
        """Open it without touching a letter; raises MailboxError."""
        for folder in (self._new, self._cur):
            if not folder.is_dir():
                raise MailboxError(f"there is no folder {folder}")

    def close(self) -> None:
        """Nothing to do."""


class ImapMailbox:
    """A folder on an IMAP server: what lacks the flag \\Seen is unread."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._connection: imaplib.IMAP4 | None = None

    def unread(self, limit: int) -> Iterator[Arrival]:
        """At most `limit` unread letters, oldest first; raises MailboxError."""
        try:
            connection = self._connection = self._connect()
            validity = connection.response("UIDVALIDITY")[1][0] or b""
            for uid in self._ask("SEARCH", "UNSEEN")[0].split()[:limit]:
                name = f"imap:{validity.decode()}:{uid.decode()}"
                yield Arrival(name, self._content(uid.decode()))
        except (imaplib.IMAP4.error, OSError) as error:
            raise MailboxError(f"the mailbox cannot be read: {error}") from error

    def mark_read(self, arrival: Arrival) -> None:
        """Say that the letter has been handled; nothing when another worker has said so."""
        try:
            self._ask("STORE", arrival.name.rpartition(":")[2], "+FLAGS", r"(\Seen)")
        except (imaplib.IMAP4.error, OSError) as error:
            raise MailboxError(f"the mailbox cannot be written: {error}") from error

    def check(self) -> None:
        """Open it without touching a letter; raises MailboxError."""
        try:
            self._connection = self._connect()
        except (imaplib.IMAP4.error, OSError) as error:
            raise MailboxError(f"the mailbox cannot be read: {error}") from error
        finally:
            self.close()

    def close(self) -> None:
        """Say goodbye to the server."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(imaplib.IMAP4.error, OSError):
                connection.logout()

    def _connect(self) -> imaplib.IMAP4:
        settings = self._settings
        host, port = settings.imap_server, settings.imap_port
        connection: imaplib.IMAP4
        if settings.imap_tls:
            context = ssl.create_default_context()
            connection = imaplib.IMAP4_SSL(host, port, ssl_context=context, timeout=SECONDS)
        else:
            connection = imaplib.IMAP4(host, port, timeout=SECONDS)
        try:
            connection.login(settings.imap_user, settings.imap_password)
            folder = settings.imap_folder.replace("\\", "\\\\").replace('"', r"\"")
            status, words = connection.select(f'"{folder}"')
        except BaseException:
            connection.shutdown()
            raise
        if status != "OK":
            connection.shutdown()
            raise imaplib.IMAP4.error(f"no such folder: {words[0]!r}")
        return connection

    def _content(self, uid: str) -> bytes:
        sizes = self._ask("FETCH", uid, "(RFC822.SIZE)")
        size = b"".join(line for line in sizes if isinstance(line, bytes)).rpartition(b"RFC822.SIZE ")[2]
        if int(size.split(b")")[0].split()[0]) > MOST_BYTES:
            return b""
        for line in self._ask("FETCH", uid, "(BODY.PEEK[])"):  # PEEK: reading alone must not mark it
            if isinstance(line, tuple):
                return bytes(line[1])
        return b""

    def _ask(self, command: str, *words: str) -> list[Any]:
        if self._connection is None:
            raise imaplib.IMAP4.error("not connected")
        status, answer = self._connection.uid(command, *words)
        if status != "OK":
            raise imaplib.IMAP4.error(f"{command} was refused")
        return [part for part in answer if part is not None] or [b""]


def mailbox_for(settings: Settings) -> Mailbox | None:
    """The mailbox that the settings name; None when answers are not read."""
    if settings.reply_maildir:
        return Maildir(Path(settings.reply_maildir))
    return ImapMailbox(settings) if settings.imap_server else None
