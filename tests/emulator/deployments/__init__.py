"""Every shipped template, deployed on the emulator and read back through the services' own APIs."""
