"""Services that come to an end: annual fees to collect, renewed by a bill, or not wanted any more."""
