"""What auditors and leaders read: who was given rights, who read and took away what."""
