"""The command line: each command in its own file, loaded only when it is called.

In: words from a shell. Out: text, tables or one JSON document, and an exit status: 0 done,
1 a check failed, 2 wrong input, 130 interrupted.
"""
