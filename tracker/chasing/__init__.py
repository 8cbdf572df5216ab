"""What is late finds its people: reminders, the messages that carry them, and who sends them."""
