"""The learner's pages and the verifier's."""
