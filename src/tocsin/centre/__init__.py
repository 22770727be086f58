"""What the centre decides and keeps after intake: accounts, last-seen, the folder, the disk's reserve."""
