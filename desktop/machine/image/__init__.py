"""The runtime and the guest image: how they are built, checked, kept and carried."""
