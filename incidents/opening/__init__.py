"""From alerts, failed runs and programs to incidents."""
