"""Importing a template from a file: the file or its text, and what it becomes."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import HiddenField, SelectChoice, SelectField, TextAreaField

from planner.base.errors import RefusedError
from planner.directory.models import Organisation
from planner.series_templates.carry import MAX_BYTES, decode_file, read_file
from planner.series_templates.models import SeriesTemplate
from planner.series_templates.rules import TemplateDocument
from planner.web.forms import BaseForm

NEW, DRAFT = "new", "draft"


class ImportForm(BaseForm):
    """A file, or its text to mend and send again. Nothing is kept on the server between the two."""

    file = FileField(_l("File"), description=_l("A template file (YAML or JSON), at most 1 MB."))
    text = TextAreaField(
        _l("The file's text"),
        description=_l("Read from the file. It can be mended here, or pasted."),
        render_kw={"rows": 12, "spellcheck": "false", "wrap": "off"},
    )
    into = SelectField(_l("It becomes"), description=_l("A draft either way. Nothing is published."))
    revision = HiddenField()

    def offer(self, organisations: Iterable[Organisation], templates: Iterable[SeriesTemplate]) -> None:
        """Fill what the viewer may import into."""
        new = [
            SelectChoice(f"{NEW}:{one.id}", _("A new template of %(organisation)s", organisation=one.name))
            for one in organisations
        ]
        own = [
            SelectChoice(f"{DRAFT}:{one.id}", _("The draft of %(title)s", title=one.title or "–"))
            for one in templates
        ]
        self.into.choices = [*new, *own]

    @property
    def target(self) -> tuple[str, int]:
        """(NEW, organisation id) or (DRAFT, template id); only after validation."""
        kind, _colon, number = self.into.data.partition(":")
        return kind, int(number)

    def document(self) -> TemplateDocument:
        """The template in the file, else in the text. Raises FileRefusedError, with the text kept in the form."""
        if self.file.data:
            with self.file.data.stream as stream:
                data = stream.read(MAX_BYTES + 1)
            self.text.data = decode_file(data)
            self.text.raw_data = None
        if not (self.text.data or "").strip():
            raise RefusedError(_("Choose a file, or paste its text."), field="file")
        return read_file(self.text.data)

    def opened_revision(self) -> int:
        """The revision of the draft that was compared with, -1 if unreadable."""
        text = self.revision.data or ""
        return int(text) if text.isdecimal() and len(text) < 10 else -1
