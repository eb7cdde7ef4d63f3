//! Verdicts: a claim and the observations, and whether it holds. One file per kind of claim.
