"""Questions to and from files: Excel and Word tables, GIFT, Aiken, Moodle XML, QTI 2.1, 2.2 and 3."""
