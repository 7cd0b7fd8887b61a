"""From an alert to its runbook."""
