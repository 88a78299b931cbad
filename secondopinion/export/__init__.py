"""Files to take away, made in memory: Word, PDF, calendar, address book, plain text, all in one."""

from .agenda import to_calendar
from .cards import to_contacts
from .hand_over import PARTS, Part, handed_over, parts
from .kinds import KINDS, STAND_INS, File, file_name, kinds_available
from .mail import to_mail
from .make import make_file, to_zip
from .pdf import to_pdf
from .plan_paper import plan_paper
from .word import to_docx

__all__ = [
    "KINDS",
    "PARTS",
    "STAND_INS",
    "File",
    "Part",
    "file_name",
    "handed_over",
    "kinds_available",
    "make_file",
    "parts",
    "plan_paper",
    "to_calendar",
    "to_contacts",
    "to_docx",
    "to_mail",
    "to_pdf",
    "to_zip",
]
