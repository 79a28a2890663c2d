"""The demo's series template: "Digital kompetens i flera steg"."""

from __future__ import annotations

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
