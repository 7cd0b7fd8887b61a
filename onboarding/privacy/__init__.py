"""What is kept about a person: for how long, shown to them, and forgotten."""
