//! Progress on stderr while gosnip works. The only place that uses indicatif.
