"""The pages of credit: the public's, and the officers' under /credit/office/."""
