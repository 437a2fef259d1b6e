"""What builds things out of this repository; nothing here is installed."""
