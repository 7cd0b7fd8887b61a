"""How people are reached: their contact methods and quiet hours."""
