"""What the directory tells the features above it, inside the unit of work of the change."""

from __future__ import annotations

from blinker import signal

# Sent with organisation_id and by_user_id: whoever founds an organisation is to own it.
organisation_founded = signal("organisation-founded")

# Sent with person: each receiver gives the parts (rules.personal_data.DataPart) of what its room keeps of them.
person_collected = signal("person-collected")

# Sent with person (still as they were), pseudonym and keep_certificates: whoever keeps data of theirs erases it now.
person_erased = signal("person-erased")

# Sent with room_ids and by (the viewer): what shows the venue's or room's words has changed too.
place_renamed = signal("place-renamed")
