"""The demo's series template: "Digital kompetens i flera steg"."""

from __future__ import annotations

from dataclasses import replace

from planner.series_templates.rules import Mode, StepDocument, TemplateDocument

DIGITAL_IN_STEPS = TemplateDocument(
    title="Digital kompetens i flera steg",
    summary=(
        "Sex träffar som tar ett företag från nuläge till en egen plan för digitaliseringen. Grunden är alltid densamma;"
        " exempel, takt och fördjupning anpassas efter vad deltagarna behöver och när de har tid."
    ),
    audience="Företag med stilleståndstid: ledning, produktion och administration, två till fyra personer från varje.",
    competences=("1.1", "1.2", "1.3", "2.1", "2.4", "3.1", "4.1", "5.2", "5.3"),
    steps=(
        StepDocument(
            "nulage",
            "Var står vi? Nuläge och behov",
            "Ni har en gemensam bild av hur digitalt ni arbetar i dag, vilka tre saker som tar mest tid i onödan och vad"
            " ni vill kunna när serien är slut.",
            "Fyll i nulägesanalysen tillsammans (20 minuter). Ta med ett exempel på något ni gör för hand som borde gå"
            " av sig självt.",
            120,
            Mode.HYBRID,
            0,
            "Nulägesanalysen: https://material.example/nulage\nPost-it-lappar och pennor till alla",
            "Vilka tre saker valde ni?\nVem håller i dem till nästa gång?",
        ),
        StepDocument(
            "arbetssatt",
            "Arbeta tillsammans på distans",
            "Ni kan hålla ett videomöte som blir kortare än det fysiska, dela och skriva i samma dokument och bestämma var"
            " ni pratar om vad.",
            "Prova att ansluta till länken dagen före. Ha ett dokument som fler än en person brukar ändra i.",
            120,
            Mode.DIGITAL,
            7,
        ),
        StepDocument(
            "sakerhet",
            "Säkert nog: lösenord, säkerhetskopior och bluffmejl",
            "Ni känner igen ett bluffmejl, har inloggning i två steg där det behövs och vet att säkerhetskopian går att"
            " läsa tillbaka.",
            "Ta reda på vem som gör säkerhetskopior hos er, och när någon senast återställde en fil.",
            120,
            Mode.DIGITAL,
            7,
        ),
        StepDocument(
            "data",
            "Siffrorna ni redan har",
            "Ni kan ställa samman order, stillestånd och tid i ett kalkylark som uppdaterar sig, och läsa ett diagram utan"
            " att luras av det.",
            "Exportera tre månaders order eller stopptider till en fil. Avidentifiera personer.",
            180,
            Mode.ON_SITE,
            14,
        ),
        StepDocument(
            "kunden",
            "Möt kunden digitalt",
            "Ni har prövat att visa, offerera och följa upp på distans, och valt en kanal att satsa på det närmaste halvåret.",
            "Välj en kund som ni brukar besöka. Skriv ner vad besöket ger som ett videosamtal inte ger.",
            120,
            Mode.DIGITAL,
            14,
        ),
        StepDocument(
            "plan",
            "Vår plan: ett år framåt",
            "Ni har en plan på en sida: vad ni gör först, vem som håller i det, vad det kostar och vem som kan hjälpa till"
            " med lån, analys eller studenter.",
            "Läs igenom anteckningarna från de tidigare stegen. Bjud in den som beslutar om pengar.",
            150,
            Mode.HYBRID,
            14,
        ),
    ),
)

_KEPT = {step.key: step for step in DIGITAL_IN_STEPS.steps}

# What Lindesberg says instead in one step, and what the second version says there.
KUNDEN_IN_LINDESBERG = (
    "Ni har prövat att visa och offerera på distans för en kund i gjuteribranschen, och valt en kanal att satsa på det"
    " närmaste halvåret."
)
KUNDEN_AGAIN = (
    "Ni har prövat att visa, offerera och följa upp på distans, mätt vad det sparade i tid och resor, och valt en kanal"
    " att satsa på det närmaste halvåret."
)

AI = StepDocument(
    "ai",
    "AI i vardagen: pröva utan att läcka",
    "Ni vet vad ni aldrig klistrar in, har låtit ett verktyg sammanfatta, översätta och räkna åt er, och kan se när det"
    " har fel.",
    "Ta med en text på en sida som får vara offentlig. Fråga chefen vad som gäller hos er.",
    120,
    Mode.DIGITAL,
    14,
    "Övningar: https://material.example/ai",
    "Vad har ni låtit den göra sedan sist?",
)

# The second version: a new step, one longer, one with another text, and one moved.
DIGITAL_IN_STEPS_2 = replace(
    DIGITAL_IN_STEPS,
    steps=(
        _KEPT["nulage"],
        _KEPT["arbetssatt"],
        _KEPT["sakerhet"],
        replace(_KEPT["kunden"], goals=KUNDEN_AGAIN),
        _KEPT["data"],
        AI,
        replace(_KEPT["plan"], minutes=180),
    ),
)
NOTE_2 = (
    "Ett nytt steg om AI, som alla grupper frågade efter. Planen får en halvtimme till. Kundmötet kommer före siffrorna,"
    " för då vet man vad man vill mäta, och dess mål säger nu att tiden ska mätas."
)
