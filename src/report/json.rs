//! The JSON report: [`super::Report`] as schema version 1 of the contract.
