"""What templates tell the features above, inside the unit of work of the change."""

from __future__ import annotations

from blinker import signal

# Sent with template_id while a draft is about to be published, or looked at for it: each receiver gives the names
# of those whom the version's note has to thank.
thanks_wanted = signal("template-thanks-wanted")

# Sent with template_id and version_id when a version has been published.
version_published = signal("template-version-published")
