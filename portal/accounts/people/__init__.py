"""One's own profile, and the people of the portal."""
