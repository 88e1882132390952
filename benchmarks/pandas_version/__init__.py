"""The rules of recurrence once more, in plain pandas, as an analyst would write them."""
