"""Pictures of steps: their marks, what is blurred, and how they are taken again."""
