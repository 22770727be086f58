"""One connection of a sender, by aiosmtpd, counted; imported where mail is taken."""

from typing import TYPE_CHECKING, Any

from aiosmtpd.smtp import SMTP

if TYPE_CHECKING:
    from tocsin.intake.mail.receiver import Mails


class MailConnection(SMTP):
    """One connection, counted."""

    _mails: "Mails"
    _host = ""
    _is_counted = False

    def __init__(self, mails: "Mails", **options: Any) -> None:
        """`options` are aiosmtpd's; `mails` handles what comes."""
        super().__init__(mails, **options)
        self._mails = mails

    def connection_made(self, transport: Any) -> None:
        """Take it, or say that there is no place."""
        if not self._is_counted:  # STARTTLS makes it anew
            self._host = str((transport.get_extra_info("peername") or ("",))[0])
            if self._mails.is_full(self._host):
                self._mails.refused["connections"] = self._mails.refused.get("connections", 0) + 1
                transport.write(b"421 4.7.0 Too many connections: try again later\r\n")
                transport.close()
                return
            self._is_counted = True
            self._mails.opened(self._host, by=1)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """Its place is free again."""
        if self._is_counted:
            self._is_counted = False
            self._mails.opened(self._host, by=-1)
            super().connection_lost(error)
