"""The way in for telephone systems (`POST /api/v1/intake/calls`) and callers' positions (`/intake/locations`)."""
