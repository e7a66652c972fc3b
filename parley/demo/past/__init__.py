"""Eight weeks before the demo began: conversations played through the product's own doors, on a clock of their own."""
