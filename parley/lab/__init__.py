"""`parley lab`: the simulation of `core.lab` on the command line."""
