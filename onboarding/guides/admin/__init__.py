"""Where staff write guides."""
