"""Pictures of pages, taken again in a real browser."""
