"""Who there is in the demo. Organisation numbers lie in a range not handed out; e-mail addresses end in .example."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from planner.base.viewer import Role
from planner.invitations.rules import Wording

PASSWORD: Final = "stegvis-demo-2020"  # noqa: S105 - printed at every start of the demo

LINDESBERG, NORA, HALLEFORS, LJUSNARSBERG, OREBRO = "1885", "1884", "1863", "1864", "1880"
OREBRO_COUNTY: Final = (
    "1814", "1860", "1861", "1862", "1863", "1864", "1880", "1881", "1882", "1883", "1884", "1885",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DemoOrganisation:
    """An organisation, where it sits and whom it serves."""

    name: str
    kind: str
    home: str
    serves: tuple[str, ...]
    about: str


ORGANISATIONS: Final = (
    DemoOrganisation(
        "Alfred Nobel Science Park", "science_park", OREBRO, OREBRO_COUNTY,
        "Bygger serier av digitala workshoppar och seminarier tillsammans med företag och kommuner.",
    ),
    DemoOrganisation(
        "Lindesbergs kommun", "municipality", LINDESBERG, (LINDESBERG, NORA, HALLEFORS, LJUSNARSBERG),
        "Näringslivsenheten samordnar också för Nora, Hällefors och Ljusnarsberg.",
    ),
    DemoOrganisation(
        "Region Örebro län", "region", OREBRO, OREBRO_COUNTY, "Följer upp regionens insatser för företagen.",
    ),
    DemoOrganisation(
        "Almi", "support_actor", OREBRO, OREBRO_COUNTY, "Lån, brygglån och affärsutveckling för små och medelstora företag.",
    ),
    DemoOrganisation(
        "Business Region Örebro", "support_actor", OREBRO, OREBRO_COUNTY, "Etablering, export och kontakter utomlands.",
    ),
    DemoOrganisation(
        "Örebro universitet", "support_actor", OREBRO, OREBRO_COUNTY, "Forskare, analyser och studenter som skriver examensarbeten.",
    ),
    DemoOrganisation(
        "Masugnen", "training_hub", LINDESBERG, (LINDESBERG,), "Skräddarsyr utbildningar efter vad kommunens företag frågar efter.",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account; its role is held in the organisation of that name."""

    name: str
    email: str
    role: Role
    organisation: str


ACCOUNTS: Final = (
    DemoAccount("Disa Arrangör", "arrangor@demo.example", Role.owner, "Alfred Nobel Science Park"),
    DemoAccount("Kim Samordnare", "samordnare@demo.example", Role.owner, "Lindesbergs kommun"),
    DemoAccount("Alex Handledare", "handledare@demo.example", Role.facilitator, "Alfred Nobel Science Park"),
    DemoAccount("Tove Kursledare", "kursledare@demo.example", Role.organiser, "Masugnen"),
    DemoAccount("Lo Lots", "lots@demo.example", Role.guide, "Almi"),
    DemoAccount("Robin Uppföljare", "region@demo.example", Role.reader, "Region Örebro län"),
)


@dataclass(frozen=True, slots=True)
class DemoCompany:
    """An invented company: SNI 2025 division, size class, quiet weeks from this one, and its people."""

    name: str
    municipality: str
    division: str
    size: str
    cohort: str
    people: tuple[tuple[str, str], ...]  # (name, title at work); the first is the contact
    quiet: tuple[tuple[int, int, str], ...] = ()  # (first week, last week, why), weeks from this one


# Their seats come as mail with a calendar in it.
WANTS_INVITATIONS: Final = "Ebba Legering"

INDUSTRY, MIXED = "Industri", "Blandade branscher"

COMPANIES: Final = (
    DemoCompany("Bergslagens Gjuteriteknik AB", LINDESBERG, "24", "medium", INDUSTRY, (
        ("Maj Formare", "Produktionschef"), ("Sixten Kärna", "Gjutare"), ("Ebba Legering", "Kvalitet")),
        ((-6, 3, "Två av tre skift står stilla"),)),
    DemoCompany("Lindeåns Plåtindustri AB", LINDESBERG, "25", "small", INDUSTRY, (
        ("Ture Kantpress", "VD"), ("Linn Falsare", "Planering")), ((-3, 5, "Färre order från fordonskund"),)),
    DemoCompany("Fellingsbro Precision AB", LINDESBERG, "25", "small", INDUSTRY, (
        ("Hedda Fräs", "Verkstadschef"), ("Olle Mikrometer", "Beredning"), ("Sara Svarv", "Operatör")),
        ((2, 6, "Maskinflytt"),)),
    DemoCompany("Råsvalens Kartong AB", LINDESBERG, "17", "large", INDUSTRY, (
        ("Göta Wellpapp", "Utbildningsansvarig"), ("Nils Bobin", "Driftledare"), ("Asta Rulle", "Underhåll"),
        ("Vera Ark", "Ekonomi")), ((4, 4, "Planerat underhållsstopp"),)),
    DemoCompany("Frövi Fordonskomponenter AB", LINDESBERG, "29", "medium", INDUSTRY, (
        ("Jarl Nav", "Platschef"), ("Signe Flänsmutter", "Logistik")), ((-8, 8, "Korttidsarbete 40 procent"),)),
    DemoCompany("Storå Träförädling AB", LINDESBERG, "16", "small", MIXED, (
        ("Björk Hyvel", "Ägare"), ("Alva Kvist", "Försäljning"))),
    DemoCompany("Lindesjöns Hotell och Konferens AB", LINDESBERG, "55", "small", MIXED, (
        ("Moa Frukost", "Hotellchef"), ("Elis Nyckel", "Reception")), ((-8, 10, "Få gäster"),)),
    DemoCompany("Bergskraft Elteknik AB", NORA, "43", "small", MIXED, (
        ("Ivar Säkring", "Projektledare"), ("Tyra Jordfel", "Installatör"))),
    DemoCompany("Guldsmedshytte Redovisning HB", LINDESBERG, "69", "micro", MIXED, (
        ("Saga Kredit", "Konsult"),)),
)  # fmt: skip

# The organisation's own words for reminders in Swedish; all else is the standard text.
REMINDER: Final = Wording(
    "Snart ses vi: {{ träff }}, {{ dag }}",
    """Hej {{ namn }},

snart är det dags för {{ träff }}. Ta gärna med ett exempel från din egen vardag.

{{ fakta }}

Kan du inte komma? Lämna din plats här, så får någon annan den:

{{ länk }}

Fika finns en kvart innan.""",
)
