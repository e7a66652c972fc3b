"""What pages show, read in few statements and returned as frozen rows. Nothing here writes."""
