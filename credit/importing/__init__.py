"""From a file's bytes to checked rows: files → columns → cells → rows; problems go to a marked workbook.

Nothing here writes to the database; ``credit.acts.intake`` does.
"""
