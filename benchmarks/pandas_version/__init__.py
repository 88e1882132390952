"""The rules of load and recurrence once more, in plain pandas, as an analyst would write them."""
