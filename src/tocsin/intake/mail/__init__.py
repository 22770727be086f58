"""Mail of machines: taken by SMTP, answered 250 when it is durable."""
