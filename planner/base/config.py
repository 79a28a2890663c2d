"""All settings, read once from the environment into one frozen value."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from email.utils import parseaddr
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# After the @ of every UID and Message-ID ever given out. It must never change: a new one would double each
# session in every subscribed calendar. Names under .example belong to nobody, for ever (RFC 2606).
UID_DOMAIN = "stegvis.example"
DEMO_SECRET = "demo-only-secret-never-used-for-real-data"  # noqa: S105 - named for what it is


class SettingsError(Exception):
    """A setting is missing or cannot be understood; the message says what to set."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting: its environment variable is the upper-case name, except where `env` says otherwise."""

    database_url: str = field(
        default=f"sqlite:///{ROOT / 'var' / 'planner.db'}",
        metadata={"doc": "SQLAlchemy address of the database; SQLite in var/ unless set"},
    )
    secret_key: str = field(
        default="", metadata={"doc": "secret that signs cookies and derives links; at least 32 characters"}
    )
    demo: bool = field(
        default=False,
        metadata={"env": "PLANNER_DEMO", "doc": "1 shows a demo banner and a readable mailbox"},
    )
    site_url: str = field(
        default="http://127.0.0.1:8000",
        metadata={"doc": "public address of the site, used in mail and in feeds; no slash at the end"},
    )
    mail_server: str = field(default="", metadata={"doc": "SMTP host; empty: mail stays in the outbox"})
    mail_port: int = field(default=587, metadata={"doc": "SMTP port"})
    mail_user: str = field(default="", metadata={"doc": "SMTP user, if the server asks for one"})
    mail_password: str = field(default="", metadata={"doc": "SMTP password"})
    mail_tls: bool = field(default=True, metadata={"doc": "1 uses STARTTLS"})
    mail_sender: str = field(
        default="Stegvis <no-reply@stegvis.example>", metadata={"doc": "From address of all mail"}
    )
    mail_reply: str = field(
        default="",
        metadata={"doc": "address that answers to invitations go to; empty: the one in MAIL_SENDER"},
    )
    imap_server: str = field(
        default="", metadata={"doc": "IMAP host of the mailbox with the answers; empty: none is read"}
    )
    imap_port: int = field(default=993, metadata={"doc": "IMAP port"})
    imap_user: str = field(default="", metadata={"doc": "IMAP user"})
    imap_password: str = field(default="", metadata={"doc": "IMAP password"})
    imap_tls: bool = field(default=True, metadata={"doc": "1 uses TLS from the first byte"})
    imap_folder: str = field(default="INBOX", metadata={"doc": "IMAP folder that is read"})
    reply_maildir: str = field(
        default="", metadata={"doc": "folder (maildir) with the answers, read instead of IMAP"}
    )
    trusted_proxies: int = field(
        default=0, metadata={"doc": "number of reverse proxies in front whose X-Forwarded-* is believed"}
    )
    limits_storage: str = field(
        default="memory://", metadata={"doc": "where rate limits are counted (Flask-Limiter storage address)"}
    )
    rate_limits: bool = field(default=True, metadata={"doc": "0 turns rate limits off (load tests)"})
    secure_cookies: bool = field(
        default=False,
        metadata={"doc": "1 sends cookies over HTTPS only; on by itself with an https SITE_URL"},
    )
    log_level: str = field(default="INFO", metadata={"doc": "INFO, WARNING or DEBUG"})

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """The settings that `environ` (os.environ unless given) asks for.

        Raises SettingsError when a value cannot be understood, or when a secret is missing outside the demo.
        """
        environ = os.environ if environ is None else environ
        values: dict[str, object] = {}
        for item in fields(cls):
            name = item.metadata.get("env", item.name.upper())
            if environ.get(name, "") != "":
                values[item.name] = _parse(name, environ[name], item.default)
        if "site_url" not in values and environ.get("PORT"):
            values["site_url"] = f"http://127.0.0.1:{environ['PORT']}"
        settings = cls(**values)  # type: ignore[arg-type]  # each was parsed after its field's default
        settings.check()
        return settings

    def check(self) -> None:
        """Raise SettingsError for a combination that must not start."""
        if not self.secret_key and not self.demo:
            raise SettingsError(
                "SECRET_KEY is not set. Make one with"
                " `python3 -c 'import secrets; print(secrets.token_hex(32))'` and set it in the environment."
            )
        if self.secret_key and len(self.secret_key) < 32:
            raise SettingsError("SECRET_KEY is shorter than 32 characters. Set a longer one.")
        if "@" not in self.reply_address:
            raise SettingsError(
                "MAIL_REPLY (or MAIL_SENDER, when it is not set) must hold an e-mail address."
            )
        if self.site_url.endswith("/"):
            raise SettingsError("SITE_URL must not end with a slash.")

    @property
    def secret(self) -> str:
        """The secret in force: the one set, or the demo's own."""
        return self.secret_key or DEMO_SECRET

    @property
    def reply_address(self) -> str:
        """The address that answers go to: the organiser of every invitation."""
        return parseaddr(self.mail_reply or self.mail_sender)[1]

    @property
    def is_https(self) -> bool:
        """Whether people reach the site over HTTPS."""
        return self.secure_cookies or self.site_url.startswith("https://")


def _parse(name: str, text: str, default: object) -> object:
    if isinstance(default, bool):
        if text.lower() not in {"0", "1", "true", "false"}:
            raise SettingsError(f"{name} must be 1 or 0, not {text!r}.")
        return text.lower() in {"1", "true"}
    if isinstance(default, int):
        try:
            return int(text)
        except ValueError:
            raise SettingsError(f"{name} must be a whole number, not {text!r}.") from None
    if name == "DATABASE_URL" and text.startswith(("postgres://", "postgresql://")):
        # psycopg 3 is the driver we ship; plain addresses would make SQLAlchemy look for psycopg2.
        return "postgresql+psycopg://" + text.split("://", 1)[1]
    return text
