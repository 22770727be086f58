"""The way in for machines and programs that send by HTTP: `POST /api/v1/intake/signals`."""
