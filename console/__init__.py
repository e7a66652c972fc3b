"""The team's side: the web console where agents, supervisors and managers work."""
