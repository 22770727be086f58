"""Reports for people: what was found, on paper."""
