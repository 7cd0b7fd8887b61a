"""Questions and stuck reports for staff."""
