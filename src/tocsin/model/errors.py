"""The three families of errors (STYLE.md section 6).

    TocsinError
    |-- Refused            a command that we decline: the caller can mend it
    |   |-- BadInput       what was given is wrong: a setting, a file, an argument
    |   |-- Conflict       what is there forbids it: a folder in use, a newer database
    |   |-- NotSignedIn    who asks is not known: no session, no token, or one that has ended
    |   |   `-- SecondFactorNeeded  name and password are right, and a code is wanted as well
    |   |-- Forbidden      who asks may not
    |   `-- TooMany        more than the limit; `retry_after_s` says when to try again
    `-- CentreFault        ours; `permanent` says whether trying again can help
        |-- JournalFull    no room to store; nothing of the batch is stored
        |-- DiskFault      a write or fsync failed; what is on the disk is unknown
        `-- KeyMissing     a vault key or the master key is not there

Faults of a sender are no exceptions: a codec answers any bytes with a verdict. Each message says what happened to whom,
what was kept and what to do, and ends with a stable code in brackets that docs/reference/errors.md lists.
"""

from tocsin.model.values import Code, Secret


class TocsinError(Exception):
    """Whatever Tocsin raises on purpose."""

    def __init__(self, message: str, code: str) -> None:
        """Make the error; `code` is the stable name that scripts and the reference use."""
        super().__init__(f"{message} [{code}]")
        self.message = message
        self.code = Code(code)


class Refused(TocsinError):  # noqa: N818 - a family of its own, in the words of STYLE.md
    """A command that we decline; nothing was changed."""


class BadInput(Refused):
    """What was given is wrong: a setting, a row, an argument."""


class Conflict(Refused):
    """What is there forbids it: the folder is in use, the database is newer than the program."""


class NotSignedIn(Refused):
    """Who asks is not known: no session and no token came with it, or one that has ended."""


class SecondFactorNeeded(NotSignedIn):
    """Name and password are right, and this user gives a code of the authenticator, or a recovery code, as well."""

    def __init__(self, message: str, code: str, ticket: Secret) -> None:
        """Make the error; `ticket` stands for name and password in the next step, and in no text."""
        super().__init__(message, code)
        self.ticket = ticket


class Forbidden(Refused):
    """Who asks is known, and may not."""


class TooMany(Refused):
    """More than the limit. Nothing was done; trying again after `retry_after_s` can help."""

    def __init__(self, message: str, code: str, retry_after_s: int = 1) -> None:
        """Make the error; `retry_after_s` is in whole seconds, at least 1."""
        super().__init__(message, code)
        self.retry_after_s = retry_after_s


class CentreFault(TocsinError):  # noqa: N818 - the same
    """Something of ours failed."""

    permanent = True


class JournalFull(CentreFault):
    """The disk is full. Nothing of the batch was stored; intake stays refused until there is room."""

    permanent = False


class DiskFault(CentreFault):
    """A write or an fsync failed: what is on the disk is unknown. The process must stop (DESIGN.md, Operation)."""


class KeyMissing(CentreFault):
    """The master key or a vault key is not there, or does not fit."""
