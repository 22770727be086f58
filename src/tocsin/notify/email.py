"""Notices by e-mail. Tested with aiosmtpd 1.4.6. A mail server says that it took a mail, and nothing ever after.

That it could not deliver one comes back as a mail of its own, which somebody must give us (`web.api.bounces`). The mail
has a link to answer by. Programs open links too, so opening it counts for nothing; a button on the page does.
"""

import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final

import aiosmtplib

from tocsin.model.notices import Accepted, ContactAddress, Failed, Message, Outcome, Retry
from tocsin.model.values import Code, Secret
from tocsin.settings import Smtp

TIMEOUT_S: Final = 15.0
FIELDS: Final = ("Auto-Submitted", "Date", "From", "Message-ID", "Subject", "To", "text")
"""All that leaves: the address, the centre's name, number, priority, and a link."""

PERMANENT: Final = range(500, 600)


class EmailNotifier:
    """Sends mails by one server (`model.ports.Notifier`)."""

    def __init__(
        self, settings: Smtp, centre: str, password: Callable[[], str], tls: ssl.SSLContext | None = None
    ) -> None:
        """Send by the server of `settings`; `password` is read when it is needed, so that it may be changed."""
        assert settings.host is not None, "it is set up"
        self._settings = settings
        self._centre = centre
        self._password = password
        self._tls = tls

    async def send(self, message: Message, address: ContactAddress) -> Outcome:
        """Hand a mail to the server. The server's yes is no receipt."""
        settings = self._settings
        mail = mail_of(message, address, self._centre, settings)
        try:
            password = self._password()
        except OSError:
            return Failed(Code("password_file"), is_provider=True)
        client = aiosmtplib.SMTP(
            hostname=settings.host,
            port=settings.port,
            timeout=TIMEOUT_S,
            use_tls=settings.security == "tls",
            start_tls=False,
            tls_context=self._tls,
            local_hostname="tocsin.invalid",
        )
        try:
            async with client:
                if settings.security == "starttls":
                    await client.ehlo()
                    if not client.supports_extension("starttls"):
                        return Failed(Code("smtp_tls"), is_provider=True)
                    await client.starttls(tls_context=self._tls)
                if settings.user is not None:
                    await client.login(settings.user, password)
                await client.send_message(mail)
        except aiosmtplib.SMTPAuthenticationError:
            return Failed(Code("smtp_sign_in"), is_provider=True)
        except aiosmtplib.SMTPRecipientsRefused as refused:
            codes = [one.code for one in refused.recipients]
            return _refused(max(codes, default=550), is_provider=False)
        except (aiosmtplib.SMTPSenderRefused, aiosmtplib.SMTPDataError, aiosmtplib.SMTPHeloError) as refused:
            return _refused(refused.code, is_provider=isinstance(refused, aiosmtplib.SMTPSenderRefused))
        except (TimeoutError, aiosmtplib.SMTPTimeoutError):
            return Retry(None, Code("timeout"))
        except (aiosmtplib.SMTPNotSupported, ssl.SSLError):
            return Failed(Code("smtp_tls"), is_provider=True)
        except aiosmtplib.SMTPConnectError as fault:
            # With TLS from the start the library says no more than that it could not connect.
            is_tls = isinstance(fault.__cause__, ssl.SSLError)
            return Failed(Code("smtp_tls"), is_provider=True) if is_tls else Retry(None, Code("unreachable"))
        except (aiosmtplib.SMTPException, OSError):
            return Retry(None, Code("unreachable"))
        return Accepted(Secret(mail["Message-ID"]))

    async def close(self) -> None:
        """No connection outlives a mail."""


def mail_of(message: Message, address: ContactAddress, centre: str, settings: Smtp) -> EmailMessage:
    """The mail: number and priority in the subject, a link in the text."""
    mail = EmailMessage()
    sender = settings.sender or ""
    mail["From"] = sender
    mail["To"] = address.address
    mail["Subject"] = f"{message.title} ({centre})"
    mail["Date"] = format_datetime(datetime.fromtimestamp(message.sent_at / 1_000_000, UTC))
    # The same for every sending of this attempt: many servers let a repeat go. By its end a bounced one is known again.
    mail["Message-ID"] = f"<{message.key}.{message.bounce_id}@{sender.partition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(f"{message.text}\n\nOpen the link to read it and to answer.\n", cte="7bit")
    return mail


def _refused(code: int, *, is_provider: bool) -> Outcome:
    if code in PERMANENT:
        return Failed(Code(f"smtp_{code}"), is_provider=is_provider)
    return Retry(None, Code(f"smtp_{code}"))
