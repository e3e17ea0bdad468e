"""How the structure of a page tells main content from the rest: features, model, choice."""
