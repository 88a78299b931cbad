"""The entries of a zip file, the same on every machine and every day."""

from datetime import date
from zipfile import ZIP_DEFLATED, ZipInfo


def zip_entry(name: str, as_of: date) -> ZipInfo:
    """Return the entry of a file in a zip file: its name, and the day of the plan."""
    day = max(as_of, date(1980, 1, 1))  # the format counts from then
    entry = ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
    entry.create_system, entry.external_attr = 3, 0o644 << 16
    entry.compress_type = ZIP_DEFLATED
    return entry
