"""Rules as programs read and change them."""
