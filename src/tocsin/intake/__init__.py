"""Ways in: one module each. They own sockets and limits; what a message means is for `protocols` to say."""
