"""One verb each, the only writers. The caller opens the unit of work; outcomes that can be expected are values."""
