"""What debtors mean: training data, engines, entities and evaluation."""
