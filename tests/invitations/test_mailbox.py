"""Reading the mailbox: a maildir, and IMAP against a small server that speaks it."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from planner.base.config import Settings
from planner.cli.doctor import look_at_answers
from planner.invitations.collection import collect, sender_of
from planner.invitations.letters import MOST_BYTES
from planner.invitations.mailbox import ImapMailbox, MailboxError, Maildir, mailbox_for
from tests.invitations.common import invited, replies, reply


def maildir(folder: Path, *letters: bytes) -> Maildir:
    for part in ("new", "cur", "tmp"):
        (folder / part).mkdir(exist_ok=True)
    for number, letter in enumerate(letters, start=1):
        (folder / "new" / f"{number}.host").write_bytes(letter)
    return Maildir(folder)


def outcomes() -> list[str]:
    return [row.outcome for row in replies()]


def test_handled_letters_are_moved_and_marked_as_seen(app: Flask, tmp_path: Path) -> None:
    invited()
    box = maildir(tmp_path, reply(), b"x" * (MOST_BYTES + 1))
    assert collect(box, sender_of(app.extensions["settings"])) == 2
    assert outcomes() == ["declined", "broken"]
    assert sorted(file.name for file in (tmp_path / "cur").iterdir()) == ["1.host:2,S", "2.host:2,S"]
    assert collect(box, sender_of(app.extensions["settings"])) == 0


def test_a_letter_left_by_a_crash_counts_once(app: Flask, tmp_path: Path) -> None:
    invited()
    sender = sender_of(app.extensions["settings"])
    collect(maildir(tmp_path, reply()), sender)
    collect(maildir(tmp_path, reply()), sender)  # the same name in `new` again: it was not moved in time
    assert outcomes() == ["declined"]


def test_portions_are_limited_and_the_oldest_comes_first(app: Flask, tmp_path: Path) -> None:
    invited()
    box = maildir(tmp_path, reply(sequence=5), reply(message_id="<2@x>"))
    assert collect(box, sender_of(app.extensions["settings"]), limit=1) == 1
    assert outcomes() == ["broken"]


def test_a_maildir_that_is_not_there_says_so(app: Flask, tmp_path: Path) -> None:
    with pytest.raises(MailboxError, match="maildir"):
        collect(Maildir(tmp_path / "none"), sender_of(app.extensions["settings"]))


def test_the_mailbox_that_settings_ask_for(tmp_path: Path) -> None:
    assert mailbox_for(Settings()) is None
    assert isinstance(mailbox_for(Settings(reply_maildir=str(tmp_path))), Maildir)
    assert isinstance(mailbox_for(Settings(imap_server="imap.example")), ImapMailbox)


class Server(socketserver.ThreadingTCPServer):
    """An IMAP server (RFC 3501) with one folder; `seen` holds the numbers of the letters marked."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, letters: list[bytes]) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.letters, self.seen, self.commands = letters, set[int](), list[str]()


class Talk(socketserver.StreamRequestHandler):
    server: Server

    def say(self, *lines: bytes) -> None:
        self.wfile.write(b"\r\n".join([*lines, b""]))

    def handle(self) -> None:
        self.say(b"* OK [CAPABILITY IMAP4rev1] ready")
        for line in self.rfile:
            tag, _, command = line.strip().decode().partition(" ")
            self.server.commands.append(command)
            self.say(*self.answer(command), tag.encode() + self.verdict(command))
            if command.startswith("LOGOUT"):
                return

    def verdict(self, command: str) -> bytes:
        refused = (command.startswith("LOGIN") and "wrong" in command) or 'SELECT "gone"' in command
        return b" NO not so" if refused else b" OK done"

    def answer(self, command: str) -> list[bytes]:
        match command.split():
            case ["CAPABILITY"]:
                return [b"* CAPABILITY IMAP4rev1"]
            case ["SELECT", *_]:
                return [b"* 1 EXISTS", b"* OK [UIDVALIDITY 77] valid"]
            case ["UID", "SEARCH", "UNSEEN"]:
                unseen = [str(n) for n in range(1, len(self.server.letters) + 1) if n not in self.server.seen]
                return [f"* SEARCH {' '.join(unseen)}".rstrip().encode()]
            case ["UID", "FETCH", uid, "(RFC822.SIZE)"]:
                size = len(self.server.letters[int(uid) - 1])
                return [f"* {uid} FETCH (UID {uid} RFC822.SIZE {size})".encode()]
            case ["UID", "FETCH", uid, "(BODY.PEEK[])"]:
                content = self.server.letters[int(uid) - 1]
                return [f"* {uid} FETCH (UID {uid} BODY[] {{{len(content)}}}".encode(), content + b")"]
            case ["UID", "STORE", uid, *_]:
                self.server.seen.add(int(uid))
        return []


@pytest.fixture
def imap() -> Iterator[tuple[Server, dict[str, Any]]]:
    with Server([reply(), b"y" * (MOST_BYTES + 1), reply(sequence=9, message_id="<3@x>")]) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        port = server.server_address[1]
        yield (
            server,
            {"imap_server": "127.0.0.1", "imap_port": port, "imap_tls": False, "imap_user": "answers"},
        )
        server.shutdown()
        thread.join()


def test_imap_is_read_without_marking_and_marked_when_handled(
    app: Flask, imap: tuple[Server, dict[str, Any]]
) -> None:
    invited()
    server, where = imap
    sender = sender_of(app.extensions["settings"])
    assert collect(ImapMailbox(Settings(**where, imap_folder='Answers "here"')), sender) == 3
    assert outcomes() == ["declined", "broken", "broken"]
    assert server.seen == {1, 2, 3}
    assert 'SELECT "Answers \\"here\\""' in server.commands
    assert not any(command.endswith("2 (BODY.PEEK[])") for command in server.commands)
    assert collect(ImapMailbox(Settings(**where)), sender) == 0


@pytest.mark.parametrize("changes", [{"imap_password": "wrong"}, {"imap_folder": "gone"}, {"imap_port": 1}])
def test_a_mailbox_that_does_not_open_says_so(
    app: Flask, imap: tuple[Server, dict[str, Any]], changes: dict[str, Any]
) -> None:
    with pytest.raises(MailboxError, match="cannot be read"):
        collect(ImapMailbox(Settings(**imap[1] | changes)), sender_of(app.extensions["settings"]))
    assert replies() == []


def test_the_doctor_looks_at_the_mailbox(imap: tuple[Server, dict[str, Any]], tmp_path: Path) -> None:
    def look(**changes: Any) -> list[bool]:
        return [finding.is_well for finding in look_at_answers(Settings(**changes))]

    server, where = imap
    assert (look(), look(mail_server="smtp.example")) == ([], [True])
    assert (look(**where), look(**where | {"imap_password": "wrong"})) == ([True], [False])
    assert server.seen == set()
    assert look(reply_maildir=str(tmp_path)) == [False]
    maildir(tmp_path)
    assert look(reply_maildir=str(tmp_path)) == [True]


def test_the_command_reads_everything(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(**changes: str) -> tuple[int, str]:
        settings = replace(app.extensions["settings"], **changes)
        monkeypatch.setitem(app.extensions, "settings", settings)
        result = app.test_cli_runner().invoke(args=["planner", "mailbox", "read"])
        return result.exit_code, result.output

    assert run() == (1, "Error: Neither IMAP_SERVER nor REPLY_MAILDIR is set: there is no mailbox to read.\n")
    gone = run(reply_maildir=str(tmp_path / "gone"))
    assert gone == (1, "Error: the maildir cannot be read: No such file or directory\n")
    maildir(tmp_path, reply(), reply(sequence=4, message_id="<2@x>"))
    assert run(reply_maildir=str(tmp_path)) == (0, "2 letters read.\n")
    assert outcomes() == ["unknown", "unknown"]
