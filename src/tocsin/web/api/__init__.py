"""`/api/v1`: what consoles and other programs ask of a centre."""
