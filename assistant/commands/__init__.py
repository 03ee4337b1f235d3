"""The commands of `whence`, by what they are about; each module imports what is heavy only where it runs."""
