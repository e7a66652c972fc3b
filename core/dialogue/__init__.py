"""What one message does to a conversation: values in, a decision out. Pure."""
