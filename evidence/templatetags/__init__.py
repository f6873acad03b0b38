"""Parts of this app's own pages."""
