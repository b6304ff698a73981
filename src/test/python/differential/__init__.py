"""Differential fuzzing against LangGraph; see README.md."""
