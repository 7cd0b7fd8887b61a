"""Who is asked to follow a guide, how far they are, and what that teaches."""
