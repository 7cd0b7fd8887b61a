"""What is bounded alike in all of the catalog."""

LONGEST_ADDRESS = 500  # of a link
