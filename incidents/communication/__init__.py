"""The communication desk: whom to tell, what, and whether it arrived."""
