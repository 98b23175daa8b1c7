"""The background process of one machine: VM, console broker, engine proxy, control server."""
