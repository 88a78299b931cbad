"""The ways in which things go wrong, named for whose mistake it is."""


class KnowledgeError(Exception):
    """The knowledge base breaks a promise. The message lists every one, with its cure."""


class UnknownAnswer(ValueError):  # noqa: N818  (named for the reader's situation)
    """A case file says something we do not understand. The message says what and what to write."""


class UnreadableFile(ValueError):  # noqa: N818  (the same)
    """A file is not one that the workbook saved. The message is for the person who opened it."""
