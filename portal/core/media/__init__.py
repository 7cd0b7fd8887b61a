"""Files from people: taken in, kept, given out."""
