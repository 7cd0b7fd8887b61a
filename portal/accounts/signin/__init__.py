"""How people and programs sign in."""
