"""Films of steps: taken in, checked, captioned and given out."""
