"""The command palette: everything of the product, by the keyboard."""
