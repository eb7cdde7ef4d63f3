//! Which Go toolchain is used, and getting one if there is none.

use camino::Utf8PathBuf;

use crate::report::{Event, Listener};
use crate::settings::{GoChoice, Settings};
use crate::toolchain::find::{self, FindError, Request};
use crate::toolchain::places::Places;
use crate::toolchain::{Toolchain, Version, obtain};

use super::PipelineError;

fn environment(error: impl std::fmt::Display) -> PipelineError {
    PipelineError::Environment(error.to_string())
}

/// gosnip's cache folder.
pub fn cache(settings: &Settings) -> Result<Utf8PathBuf, PipelineError> {
    settings.cache.folder.clone().ok_or_else(|| {
        environment("no cache folder is known on this machine; set GOSNIP_CACHE_DIR to a folder that can be written")
    })
}

/// The toolchain to verify with; obtained if the machine has none and that is allowed.
pub fn choose(settings: &Settings, listener: &dyn Listener) -> Result<Toolchain, PipelineError> {
    let cache = cache(settings)?;
    let request = Request {
        wanted: settings.go.version.as_ref().map(|choice| match choice {
            GoChoice::Version(version) => version.clone(),
            GoChoice::Path(path) => path.to_string(),
        }),
        places: Places::of_this_machine(Some(&cache)),
    };
    match find::find(&request) {
        Ok(toolchain) => Ok(toolchain),
        Err(error @ (FindError::None { .. } | FindError::NoSuchVersion { .. })) => {
            if !settings.go.download {
                return Err(environment(format!(
                    "{error}\n{}",
                    "nothing is downloaded because of --no-download; install Go 1.21 or later from https://go.dev/dl/, \
                     or give the path of one with --go, or leave out --no-download"
                )));
            }
            let version = match &error {
                FindError::NoSuchVersion { wanted, .. } => *wanted,
                _ => default_version()?,
            };
            listener.event(Event::Notice(format!(
                "{error}; downloading Go {version} into {cache} (once)"
            )));
            obtain_version(version, &cache, &request.places, listener)
        }
        Err(error) => Err(environment(error)),
    }
}

fn default_version() -> Result<Version, PipelineError> {
    Version::parse(obtain::DEFAULT_VERSION)
        .ok_or_else(|| environment("the default version is none: a mistake in gosnip"))
}

fn obtain_version(
    version: Version,
    cache: &Utf8PathBuf,
    places: &Places,
    listener: &dyn Listener,
) -> Result<Toolchain, PipelineError> {
    let present = find::list(places);
    obtain::obtain(version, cache, present.first(), &|notice| {
        listener.event(Event::Notice(notice));
    })
    .map_err(environment)
}

/// The toolchains that can be used, best first.
pub fn toolchains(settings: &Settings) -> Result<Vec<Toolchain>, PipelineError> {
    Ok(find::list(&Places::of_this_machine(Some(&cache(
        settings,
    )?))))
}

/// Obtain the toolchain of `version` into gosnip's cache.
pub fn install_toolchain(
    settings: &Settings,
    version: &str,
    listener: &dyn Listener,
) -> Result<Toolchain, PipelineError> {
    let cache = cache(settings)?;
    let wanted = Version::parse(version).ok_or_else(|| {
        PipelineError::Usage(format!(
            "`{version}` is no Go version; write it like 1.24.3"
        ))
    })?;
    if !settings.go.download {
        return Err(environment(
            "nothing is downloaded because of --no-download",
        ));
    }
    obtain_version(
        wanted,
        &cache,
        &Places::of_this_machine(Some(&cache)),
        listener,
    )
}
