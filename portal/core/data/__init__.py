"""What the tables and texts of all apps share."""
