def index(runbook) -> None:
    """Placed here until the search index lands."""
