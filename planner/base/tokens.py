"""Random and derived secrets. What is stored is always a digest; what is shown can always be made again.

A derived token is HMAC-SHA256 over a purpose, an id and a generation number (RFC 2104), 160 bits of it
in base32, so that a link can be shown again without being stored readable and dies when the generation is raised.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets


def random_token() -> str:
    """A fresh secret of 192 bits, safe in an address."""
    return secrets.token_urlsafe(24)


def digest(token: str) -> str:
    """The hex SHA-256 under which a token is stored and found."""
    return hashlib.sha256(token.encode()).hexdigest()


def derived_token(secret: str, purpose: str, key: str | int, generation: int = 0) -> str:
    """The 32-character token that belongs to (`purpose`, `key`, `generation`) under `secret`."""
    message = f"{purpose}\x1f{key}\x1f{generation}".encode()
    raw = hmac.new(secret.encode(), message, hashlib.sha256).digest()[:20]
    return base64.b32encode(raw).decode().lower()


def derived_digits(secret: str, purpose: str, key: str | int, length: int) -> str:
    """A short code of `length` digits that can be said aloud; guard its use with a window and a rate limit."""
    raw = hmac.new(secret.encode(), f"{purpose}\x1f{key}".encode(), hashlib.sha256).digest()
    return str(int.from_bytes(raw[:8], "big") % 10**length).zfill(length)


def same(left: str, right: str) -> bool:
    """Whether two secrets are equal, in time that does not tell where they differ."""
    return hmac.compare_digest(left.encode(), right.encode())
