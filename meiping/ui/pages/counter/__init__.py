"""The counter: selling by keyboard, payment, returns, held bills, and the list of posted bills."""
