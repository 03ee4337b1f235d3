"""What stands behind one port: who may come in, what they may ask for, jobs, and what is told to those who watch."""
