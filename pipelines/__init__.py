"""What runs: commands, sources, the pipeline and the lake."""
