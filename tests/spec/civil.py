"""Claims drawn for the spec tests of the county courts."""

HEARD, DEFAULT = "judgment_after_hearing", "default_judgment"

CLAIMS = f"""
claim | kind       | issued     | claimants | defendants | defence    | hearing    | judgments                            | warrants                               | closed     | status   | last
A     | money      | 2015-01-05 | org:x     | 1          | -          | -          | {DEFAULT}@2015-02-16 {HEARD}@2016-01-01 | control@2015-03-30 control@2015-06-01  | -          | stale    | 2015-06-01
B     | money      | 2015-01-05 | org:x     | 1 2        | 2015-01-20 | 2015-05-04 | {HEARD}@2015-05-25                   | -                                      | 2015-07-01 | closed   | 2015-07-01
C     | money      | 2015-01-05 | org:y     | 3          | -          | -          | -                                    | -                                      | 2015-02-02 | closed   | 2015-02-02
D     | money      | 2015-01-05 | org:x     | 4          | -          | -          | -                                    | -                                      | -          | stale    | 2015-01-05
E     | possession | 2015-01-05 | 5         | 6          | -          | 2015-02-16 | possession_order@2015-02-16          | possession@2015-02-01                  | -          | open     | 2015-02-16
F     | possession | 2015-01-05 | 5         | org:z      | -          | 2014-12-01 | claim_dismissed@2015-02-16           | -                                      | -          | open     | 2015-02-16
G     | money      | 2015-04-06 | org:x     | org:y      | -          | -          | -                                    | -                                      | -          | migrated | 2015-04-20
H     | money      | -          | org:x     | 7          | -          | -          | {DEFAULT}@2015-02-16                 | -                                      | -          | open     | 2015-02-16
I     | money      | 2015-04-06 | -         | -          | -          | -          | {DEFAULT}@2015-05-18                 | -                                      | -          | open     | 2015-05-18
J     | money      | 2015-04-06 | org:x     | 8          | -          | -          | {DEFAULT}@2015-04-01                 | -                                      | -          | open     | 2015-04-06
K     | damages    | 2015-04-06 | new1      | 9          | -          | -          | -                                    | -                                      | -          | open     | 2015-04-06
"""
