"""What operates the portal: the engine, checks, logs, the page of settings."""
