"""The web chat's pages, style and script."""
