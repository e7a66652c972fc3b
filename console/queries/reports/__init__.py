"""What the pages of reports show: figures, the days they came on, and the rows behind them. Read-only."""
