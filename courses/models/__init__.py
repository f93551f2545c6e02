"""Courses, enrolments, the hours ledger, questions, exams and certificates."""
