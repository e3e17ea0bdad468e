"""Foreign rule formats read into packs; every line is imported, dropped with a reason, or unknown."""
