"""Jobs that report themselves, and what is said when one of them does not."""
