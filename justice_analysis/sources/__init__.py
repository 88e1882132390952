"""From delivered files to clean, typed, checked contract tables, every row accounted for.

`extract` finds the files, `readers` and `parsing` bring them to the contract's names and types
(through an `adapter`, where names differ), `checks` parts rows to use from rows to set aside,
`cleaning` does all of it for a whole extract and `ledger` holds the account.
"""
