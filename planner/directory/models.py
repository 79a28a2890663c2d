"""Tables of the directory."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, ForeignKey, LargeBinary, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from planner.base.clock import now
from planner.base.db import Model, Revised, rel
from planner.base.names import Named
from planner.base.types import UtcDateTime


class Municipality(Named, Model):
    """One of the 290; comes with the database."""

    __tablename__ = "municipality"

    code: Mapped[str] = mapped_column(String(4), primary_key=True)
    county_code: Mapped[str] = mapped_column(String(2), index=True)
    county_name: Mapped[str] = mapped_column(String(60))


organisation_municipality = Table(
    "organisation_municipality",
    Model.metadata,
    Column("organisation_id", ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True),
    Column("municipality_code", ForeignKey("municipality.code"), primary_key=True, index=True),
)


class Organisation(Named, Revised, Model):
    """A science park, municipality, region or support actor, and the municipalities it serves.

    `kind` is a rules.OrganisationKind. `home_code` is where it sits; None for one without a place.
    """

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    home_code: Mapped[str | None] = mapped_column(ForeignKey("municipality.code"))
    about: Mapped[str] = mapped_column(String(2000), default="")
    website: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    municipalities: Mapped[list[Municipality]] = rel(
        secondary=organisation_municipality, order_by="Municipality.sort_key"
    )


class OrganisationLogo(Model):
    """A picture (PNG) that the organisation has had on its documents; the newest is used, unless it is removed.

    Never changed nor deleted: documents that were made with it are still drawn with it.
    """

    __tablename__ = "organisation_logo"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class OrganisationDisposal(Model):
    """After how many months without activity people are erased. No row, or None: never."""

    __tablename__ = "organisation_disposal"

    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True
    )
    months: Mapped[int | None]


class Company(Named, Revised, Model):
    """A company in a municipality.

    `organisation_number` is ten digits without a hyphen, or None (a sole trader's is never stored).
    `sni_division` is two digits in the classification `sni_version` (SNI2007 or SNI2025).
    `size_class` is a rules.SizeClass. `archived_at` set: kept for its history, offered nowhere.
    """

    __tablename__ = "company"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_number: Mapped[str | None] = mapped_column(String(10), unique=True)
    municipality_code: Mapped[str] = mapped_column(ForeignKey("municipality.code"), index=True)
    sni_version: Mapped[str | None] = mapped_column(String(7))
    sni_division: Mapped[str | None] = mapped_column(String(2))
    size_class: Mapped[str | None] = mapped_column(String(10))
    website: Mapped[str] = mapped_column(String(300), default="")
    note: Mapped[str] = mapped_column(String(2000), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    municipality: Mapped[Municipality] = rel()
    people: Mapped[list[Person]] = rel(back_populates="company", order_by="Person.sort_key")


class Person(Named, Revised, Model):
    """A contact of a company, a participant, or both.

    `email` is lower case and unique within the municipality; None for a walk-in who left none.
    `link_generation` is raised to make the person's links die. `erased_at` set: a pseudonym stands here, for the sums.
    """

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("municipality_code", "email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str | None] = mapped_column(String(254), index=True)
    phone: Mapped[str] = mapped_column(String(40), default="")
    work_title: Mapped[str] = mapped_column(String(100), default="")
    is_contact: Mapped[bool] = mapped_column(default=False)
    company_id: Mapped[int | None] = mapped_column(ForeignKey("company.id"), index=True)
    municipality_code: Mapped[str] = mapped_column(ForeignKey("municipality.code"), index=True)
    link_generation: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    company: Mapped[Company | None] = rel(back_populates="people")
    municipality: Mapped[Municipality] = rel()


class Venue(Named, Revised, Model):
    """A place with rooms. `latitude` and `longitude` in degrees (WGS 84), both or neither."""

    __tablename__ = "venue"
    __table_args__ = (CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="whole_position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_code: Mapped[str] = mapped_column(ForeignKey("municipality.code"), index=True)
    address: Mapped[str] = mapped_column(String(300), default="")
    directions: Mapped[str] = mapped_column(String(1000), default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    municipality: Mapped[Municipality] = rel()
    rooms: Mapped[list[Room]] = rel(
        back_populates="venue", order_by="Room.sort_key", cascade="all, delete-orphan"
    )


class Room(Named, Model):
    """A room of a venue. `capacity` in persons."""

    __tablename__ = "room"
    __table_args__ = (CheckConstraint("capacity > 0", name="capacity"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id", ondelete="CASCADE"), index=True)
    capacity: Mapped[int]
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    venue: Mapped[Venue] = rel(back_populates="rooms")


class ImportBatch(Model):
    """An uploaded list waiting for its preview to be accepted: `rows` as checked values or refusals
    (rules.import_rows.ImportRow), `left_out` the headings of columns that were not understood.

    Disposed of once accepted, thrown away or a day old: it holds people's data.
    """

    __tablename__ = "import_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int | None]
    municipality_code: Mapped[str] = mapped_column(ForeignKey("municipality.code"))
    filename: Mapped[str] = mapped_column(String(255))
    left_out: Mapped[list[str]] = mapped_column(default=list)
    rows: Mapped[list[dict[str, Any]]]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
