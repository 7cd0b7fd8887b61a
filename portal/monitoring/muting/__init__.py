"""What mutes an alert now; silences, maintenance and dependencies only stop calls."""
