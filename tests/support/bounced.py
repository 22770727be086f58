"""Reports of delivery as mail servers write them: by what a test says is in them."""

HEAD = (
    "From: MAILER-DAEMON@mx.example.net\r\nTo: centre@example.org\r\nSubject: Undelivered Mail Returned to Sender\r\n"
)


def report(message_id="<tag-1-notice-9-0-0.9.1.0123456789abcdef01234567@example.org>", *, action="failed",
           status="message/delivery-status", returned="message/rfc822"):  # fmt: skip
    """A report of one recipient; its fields, and the message or its head."""
    original = f"Message-ID: {message_id}\r\nSubject: #4720 P1 (Harbour)\r\nFrom: centre@example.org\r\n"
    if returned == "message/rfc822":
        original += "\r\n#4720 P1 FIRE-SMOKE. Open to read: https://centre.example/n/9.1.secret\r\n"
    return (
        HEAD + "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary="B0/mx.example.net"\r\n\r\n'
        "This is a MIME-encapsulated message.\r\n\r\n"
        "--B0/mx.example.net\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n"
        "<ana@example.org>: host mx.example.net said: 550 5.1.1 no such user\r\n"
        f"--B0/mx.example.net\r\nContent-Type: {status}\r\n\r\n"
        "Reporting-MTA: dns; mx.example.net\r\nArrival-Date: Mon, 23 Nov 2026 10:00:00 +0000\r\n\r\n"
        f"Final-Recipient: rfc822; ana@example.org\r\nAction: {action}\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n"
        f"--B0/mx.example.net\r\nContent-Type: {returned}\r\n\r\n{original}\r\n--B0/mx.example.net--\r\n"
    ).encode()
