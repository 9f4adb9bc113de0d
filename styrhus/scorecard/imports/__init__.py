"""What may be loaded from files into the scorecard: indicators, and the figures that they are followed by."""
