"""Tables of reports: what series are accounted for as, and the sums of sessions that are over."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, event
from sqlalchemy.orm import Mapped, mapped_column

from planner.base.clock import now
from planner.base.db import Model, Revised, rel
from planner.base.names import Named
from planner.base.types import UtcDateTime
from planner.directory.models import Company, Organisation
from planner.reports.errors import MonthIsFrozenError
from planner.series.models import Series, TrainingSession
from planner.series_templates.models import SeriesTemplate


class FunderProject(Named, Revised, Model):
    """What somebody pays for: a project of an organisation, with its number at the funder and its period."""

    __tablename__ = "funder_project"
    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="ends_after_start"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    number: Mapped[str] = mapped_column(String(60), default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date]

    organisation: Mapped[Organisation] = rel()


class SeriesAccount(Revised, Model):
    """What a series is accounted for as. No row: as its template, outside any project, internal and without a price.

    `training_type` is rules.TrainingType, empty for the template's. `price` is whole kronor per person and session.
    `provider` is who teaches, empty for the organiser; `is_external` whether they are hired from outside.
    """

    __tablename__ = "series_account"
    __table_args__ = (CheckConstraint("price >= 0", name="price"),)

    series_id: Mapped[int] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"), primary_key=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("funder_project.id"), index=True)
    training_type: Mapped[str] = mapped_column(String(20), default="")
    provider: Mapped[str] = mapped_column(String(200), default="")
    price: Mapped[int] = mapped_column(default=0)
    is_external: Mapped[bool] = mapped_column(default=False)

    series: Mapped[Series] = rel()
    project: Mapped[FunderProject | None] = rel()


class TemplateAccount(Revised, Model):
    """The training type that series made from a template have unless they say otherwise."""

    __tablename__ = "template_account"

    template_id: Mapped[int] = mapped_column(
        ForeignKey("series_template.id", ondelete="CASCADE"), primary_key=True
    )
    training_type: Mapped[str] = mapped_column(String(20), default="")

    template: Mapped[SeriesTemplate] = rel()


class FirstSupport(Model):
    """A company as it was when it first took part: later changes of its size do not change the reports.

    `size_class` and the SNI division are None as long as nobody has said them.
    """

    __tablename__ = "first_support"

    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"), primary_key=True)
    training_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"), index=True)
    supported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    size_class: Mapped[str | None] = mapped_column(String(10))
    sni_version: Mapped[str | None] = mapped_column(String(7))
    sni_division: Mapped[str | None] = mapped_column(String(2))

    company: Mapped[Company] = rel()


class SettledSession(Model):
    """A session that is over and has been summed. Its sums hold as long as it still ended at `ends_at` and nothing
    was entered in its ledger since `settled_at`.
    """

    __tablename__ = "settled_session"

    training_id: Mapped[int] = mapped_column(
        ForeignKey("training_session.id", ondelete="CASCADE"), primary_key=True
    )
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)

    training: Mapped[TrainingSession] = rel()


class SessionSum(Model):
    """What one settled session came to, for one company and one municipality of its people.

    `company_id` 0: people without a company. `booked` had a seat when it ended; of them `used` came and `excused` had
    said why not. `on_site` and `remote` count everyone who came, also without a seat.
    """

    __tablename__ = "session_sum"
    training_id: Mapped[int] = mapped_column(
        ForeignKey("settled_session.training_id", ondelete="CASCADE"), primary_key=True
    )
    home_code: Mapped[str] = mapped_column(String(4), primary_key=True)
    company_id: Mapped[int] = mapped_column(primary_key=True)
    booked: Mapped[int]
    used: Mapped[int]
    excused: Mapped[int]
    on_site: Mapped[int]
    remote: Mapped[int]
    minutes_on_site: Mapped[int]
    minutes_remote: Mapped[int]


class KeptGrid(Model):
    """A family of the published grid as it was made last. `stamp` tells what it was made from; `portions` are
    rules.Published as JSON.
    """

    __tablename__ = "kept_grid"

    family: Mapped[str] = mapped_column(String(20), primary_key=True)
    stamp: Mapped[str] = mapped_column(String(100))
    portions: Mapped[dict[str, Any]]


class FrozenMonth(Model):
    """A month's export as it was: `data` is its file byte for byte, and stays so whatever is corrected afterwards.

    `codes` are the municipalities that the organisation served then; `digest` the file's SHA-256.
    """

    __tablename__ = "frozen_month"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    month: Mapped[str] = mapped_column(String(7))
    codes: Mapped[list[str]]
    data: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[str] = mapped_column(String(64))
    by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(200))
    frozen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    organisation: Mapped[Organisation] = rel()


@event.listens_for(FrozenMonth, "before_update")
def _refuse_change(_mapper: Any, _connection: Any, _frozen: FrozenMonth) -> None:
    raise MonthIsFrozenError("a frozen month stays as it was; freeze it once more")
