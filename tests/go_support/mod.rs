//! The Go toolchain that tests use: `GOSNIP_TEST_GO`, the first on this machine, or, where there is none, the
//! one that gosnip obtains by itself, in the cache that the tests share.

use std::sync::LazyLock;

use camino::{Utf8Path, Utf8PathBuf};
use gosnip::toolchain::find::{self, Request};
use gosnip::toolchain::obtain::{self, obtain};
use gosnip::toolchain::places::Places;
use gosnip::toolchain::{Toolchain, Version};

/// The cache that tests share; it stays below `target`.
pub fn cache() -> Utf8PathBuf {
    Utf8Path::new(env!("CARGO_TARGET_TMPDIR")).join("gosnip-cache")
}

/// The toolchain.
pub fn toolchain() -> &'static Toolchain {
    static TOOLCHAIN: LazyLock<Toolchain> = LazyLock::new(|| {
        let wanted = std::env::var("GOSNIP_TEST_GO").ok();
        let places = Places::of_this_machine(Some(&cache()));
        find::find(&Request { wanted, places }).unwrap_or_else(|_| {
            let version = Version::parse(obtain::DEFAULT_VERSION).unwrap();
            obtain(version, &cache(), None, &|notice| eprintln!("{notice}")).unwrap()
        })
    });
    &TOOLCHAIN
}
