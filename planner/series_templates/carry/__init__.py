"""A template as one readable file, to carry to another installation, and such a file read back with suspicion.

docs/template-file.md has the format.
"""

from planner.series_templates.carry.faults import MAX_BYTES, Fault, FileRefusedError
from planner.series_templates.carry.reading import decode_file, read_file
from planner.series_templates.carry.writing import write_file

__all__ = ["MAX_BYTES", "Fault", "FileRefusedError", "decode_file", "read_file", "write_file"]
