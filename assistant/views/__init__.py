"""Records as what a reader sees: HTML in which every character of an article or a model is escaped, and exports."""
