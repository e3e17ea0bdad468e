"""Views of a report: a patch, a preview, JSON Lines, a summary. Nothing here decides or writes files."""
