"""What people and the clock do: one asynchronous function a command, each in its caller's transaction."""
