"""The edge over real HTTP: signed tokens, a real connector, nothing mocked."""
