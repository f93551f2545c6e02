"""The regulations of credit as pure Python: no database, no web, no pandas; today is an argument.

Figures live in versioned rule-sets (``credit/rulesets/*.toml``), not here.
"""
