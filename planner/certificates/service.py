"""Writes of certificates: the rule, issuing, withdrawing. Every function flushes; the caller's unit of work commits."""

from __future__ import annotations

import secrets
from collections.abc import Collection

from flask_babel import gettext as _
from sqlalchemy import select

from planner.base.clock import now
from planner.base.db import db
from planner.base.errors import RefusedError
from planner.base.viewer import Viewer, system
from planner.certificates.models import Certificate, CertificateRule
from planner.certificates.papers import certificate_paper
from planner.certificates.queries import Candidate, find_rule, list_candidates
from planner.certificates.rules import CODE_LENGTH, LETTERS, MOST_MINUTES, Content, Rule, RuleKind, shown_code
from planner.directory.models import Person
from planner.directory.queries import get_logo_data
from planner.directory.rules.personal_data import DataPart
from planner.directory.service.checks import check_no_personal_number
from planner.series.models import Series
from planner.web.links import site_link

# Stored as the reason of one that was issued anew, or whose holder was erased; pages say it in words.
REPLACED, ERASED = "replaced", "erased"


def set_rule(series: Series, rule: Rule | None) -> None:
    """What certificates of the series ask for from now on; those issued stay. None: no more are issued."""
    row = db.session.get(CertificateRule, series.id)
    if rule is None:
        if row is not None:
            db.session.delete(row)
        db.session.flush()
        return
    _check(rule, len(series.steps))
    if row is None:
        row = CertificateRule(series_id=series.id)
        db.session.add(row)
    row.kind, row.least = rule.kind.value, 0 if rule.kind is RuleKind.all_steps else rule.least
    db.session.flush()


def _check(rule: Rule, steps: int) -> None:
    if rule.kind is RuleKind.some_steps and not 1 <= rule.least <= max(steps, 1):
        raise RefusedError(_("Give a number of steps from 1 to %(most)s.", most=max(steps, 1)), field="steps")
    if rule.kind is RuleKind.minutes and not 1 <= rule.least <= MOST_MINUTES:
        raise RefusedError(_("Give at least one minute."), field="minutes")


def issue(series: Series, person_ids: Collection[int], *, by: Viewer) -> list[Certificate]:
    """Certificates for those of these people who can get one; whoever has another one by now is left out.

    One that says something else by now is withdrawn, and the new one stands instead. The series is locked (to_edit).
    """
    rule = find_rule(series)
    if rule is None:
        raise RefusedError(_("Say first what a certificate asks for."))
    chosen = [one for one in list_candidates(series, rule) if one.person.id in person_ids and one.may_get_one]
    return [_issue_one(series, candidate, by) for candidate in chosen]


def _issue_one(series: Series, candidate: Candidate, by: Viewer) -> Certificate:
    before = candidate.certificate
    if before is not None:
        _withdraw(before, REPLACED, by)
        db.session.flush()  # before another one may hold
    made = Certificate(
        code="".join(secrets.choice(LETTERS) for _each in range(CODE_LENGTH)), series_id=series.id,
        person_id=candidate.person.id, content=candidate.content.to_json(), issued_at=now(),
        by_user_id=by.user_id, by_name=by.name, replaces_id=before.id if before else None,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def withdraw(certificate: Certificate, reason: str, *, by: Viewer) -> None:
    """End a certificate; whoever looks it up is told when and why. One that has ended stays as it is."""
    if not reason:
        raise RefusedError(_("Say why: whoever looks the certificate up will read it."), field="reason")
    check_no_personal_number(reason=reason)
    if certificate.withdrawn_at is None:
        _withdraw(certificate, reason, by)
        db.session.flush()


def _withdraw(certificate: Certificate, reason: str, by: Viewer) -> None:
    certificate.withdrawn_at, certificate.withdrawn_by_name = now(), by.name
    certificate.withdraw_reason = reason


def draw(certificate: Certificate, language: str) -> bytes:
    """The certificate as PDF, as it was issued."""
    content = Content.from_json(certificate.content)
    address = site_link("certificates.verify", code=shown_code(certificate.code))
    logo = get_logo_data(content.logo_id) if content.logo_id is not None else None
    return certificate_paper(
        content, certificate.code, certificate.issued_at, address, language=language, logo=logo
    )


def collect_certificates(person: Person) -> list[DataPart]:
    """Every certificate of the person."""
    columns = [
        ("code", _("Code")), ("name", _("Name")), ("series", _("Series")), ("issued_at", _("Issued on")),
        ("withdrawn_at", _("Withdrawn")), ("reason", _("Reason")),
    ]  # fmt: skip
    own = select(Certificate).where(Certificate.person_id == person.id).order_by(Certificate.id)
    rows = [
        (
            shown_code(one.code), one.content["name"], one.content["series"], one.issued_at, one.withdrawn_at,
            one.withdraw_reason,
        )
        for one in db.session.scalars(own)
    ]  # fmt: skip
    return [DataPart("certificates", _("Certificates"), columns, rows)]


def erase_certificates(person: Person, pseudonym: str) -> None:
    """Withdraw what holds, and put the pseudonym on all of them."""
    for one in db.session.scalars(select(Certificate).where(Certificate.person_id == person.id)):
        if one.withdrawn_at is None:
            _withdraw(one, ERASED, system())
        elif one.withdraw_reason != REPLACED:
            one.withdraw_reason = ERASED  # free text may have said who it was
        one.content = {**one.content, "name": pseudonym}
    db.session.flush()
