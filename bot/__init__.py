"""The debtor's side: channels in, channels out, and the front door between them."""
