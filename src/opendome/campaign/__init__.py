"""Repetition: futures and trials, in chunks, over all cores, kept on disk as they finish.

In: a Scenario and how often to play it. Out: a Study, the joined ledgers of all chunks,
the same whatever the number of workers, the size or order of chunks, kills and resumes.

`plan` says which trial belongs to which future and chunk, `study` plays them, `store` and
`files` keep them so that a kill loses only what was not finished, `tables` joins and digests.
"""
