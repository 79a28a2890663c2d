"""Whether Mozilla's ical.js understands every golden file as icalendar does. For maintainers: it needs Node.

    npm install --prefix /tmp/icaljs ical.js@2
    python -m tests.other_readers.compare /tmp/icaljs

The suite reads the same files with readers from PyPI alone, since whoever runs it may have Python only.
"""

import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from tests.calendars.readers import Told, read_icalendar

HERE = Path(__file__).parent
GOLDEN = HERE.parent / "golden"


def main(folder: str) -> int:
    """Print each file with whether the two agree; 1 when any do not."""
    files = [str(file) for file in sorted(GOLDEN.rglob("*.ics"))]
    command = ["node", str(HERE / "icaljs.mjs"), folder, *files]
    found = json.loads(subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout)
    wrong = 0
    for file in files:
        told = sorted(
            Told(uid, datetime.fromisoformat(start), datetime.fromisoformat(end), *words)
            for uid, start, end, *words in found[file]
        )
        meant = read_icalendar(Path(file).read_bytes())
        wrong += told != meant
        print(f"{'agrees' if told == meant else 'DIFFERS'}  {Path(file).relative_to(GOLDEN)}")  # noqa: T201
        for mine, theirs in zip(meant, told, strict=False):
            if mine != theirs:
                print(f"  icalendar {mine}\n  ical.js   {theirs}")  # noqa: T201
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
