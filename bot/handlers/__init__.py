"""One file a feature: read the turn → call a use case → answer with a card."""
