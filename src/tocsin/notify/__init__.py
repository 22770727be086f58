"""Ways out to people, one module a channel. Each moves bytes and decides nothing (`model.ports.Notifier`)."""
