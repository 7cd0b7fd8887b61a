"""What other tools say of the jobs that report to them: their exports, read as heartbeats to be.

What is no job that reports is named, with the reason.
"""
