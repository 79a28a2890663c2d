"""Hashes of passwords: Argon2id. The only importer of argon2."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP's second setting for Argon2id: about 20 ms and 19 MiB, which a small server can give each sign-in.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hash_password(password: str) -> str:
    """The hash to store, with its salt and parameters in it."""
    return _hasher.hash(_same_letters(password))


def is_password(stored: str | None, password: str) -> bool:
    """Whether `password` is the one behind `stored`. Without a stored one it is False, in the same time."""
    try:
        _hasher.verify(stored or _nobodys(), _same_letters(password))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Whether `stored` was made with other parameters than today's."""
    return _hasher.check_needs_rehash(stored)


def _same_letters(password: str) -> str:
    # One keyboard sends å as one character, another as a and a ring.
    return unicodedata.normalize("NFC", password)


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return _hasher.hash("nobody has this password")
