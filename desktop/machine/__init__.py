"""The QEMU driver: describes the command, runs it, talks QMP and guest agent, builds and checks images."""
