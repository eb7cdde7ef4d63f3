//! Which Go toolchain is used, and getting one if there is none.

use camino::Utf8PathBuf;

use crate::report::{Event, Listener};
use crate::settings::{GoChoice, Settings};
use crate::toolchain::find::{self, FindError, Request};
use crate::toolchain::places::Places;
use crate::toolchain::{Language, Toolchain, Version, obtain};

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

/// The toolchains to verify with, the oldest first; obtained if the machine lacks one and that is allowed.
pub fn choose(
    settings: &Settings,
    listener: &dyn Listener,
) -> Result<Vec<Toolchain>, PipelineError> {
    let cache = cache(settings)?;
    let places = Places::of_this_machine(Some(&cache));
    let mut wanted: Vec<Option<&GoChoice>> = settings.go.versions.iter().map(Some).collect();
    if settings.go.version.is_some() || wanted.is_empty() {
        wanted.push(settings.go.version.as_ref());
    }
    let mut chosen: Vec<Toolchain> = Vec::new();
    for choice in wanted {
        let toolchain = choose_one(choice, settings, &cache, &places, listener)?;
        if chosen.iter().all(|known| known.goroot != toolchain.goroot) {
            chosen.push(toolchain);
        }
    }
    chosen.sort_by_key(|toolchain| Version::parse(&toolchain.version));
    Ok(chosen)
}

fn choose_one(
    choice: Option<&GoChoice>,
    settings: &Settings,
    cache: &Utf8PathBuf,
    places: &Places,
    listener: &dyn Listener,
) -> Result<Toolchain, PipelineError> {
    let wanted = match choice {
        None => None,
        Some(GoChoice::Version(version)) => Some(version.clone()),
        Some(GoChoice::Path(path)) => Some(path.to_string()),
        Some(GoChoice::Stable { back }) => match find::stable(places, *back) {
            Some(toolchain) => return Ok(toolchain),
            None if *back == 0 => Some(obtain::DEFAULT_VERSION.to_owned()),
            None => {
                return Err(environment(
                    "there is no release of Go before the newest one on this machine; \
                     `gosnip toolchain install` obtains one",
                ));
            }
        },
    };
    let request = Request {
        wanted,
        places: places.clone(),
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
            obtain_version(version, cache, places, listener)
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

/// Toolchains that were found and can't be used, with the reason.
pub fn unusable_toolchains(
    settings: &Settings,
) -> Result<Vec<(Utf8PathBuf, String)>, PipelineError> {
    Ok(find::unusable(&Places::of_this_machine(Some(&cache(
        settings,
    )?))))
}

fn version(text: &str) -> Result<Version, PipelineError> {
    Version::parse(text).ok_or_else(|| {
        PipelineError::Usage(format!("`{text}` is no Go version; write it like 1.24.3"))
    })
}

/// Obtain the toolchain of `wanted` into gosnip's cache.
pub fn install_toolchain(
    settings: &Settings,
    wanted: &str,
    listener: &dyn Listener,
) -> Result<Toolchain, PipelineError> {
    let cache = cache(settings)?;
    let wanted = version(wanted)?;
    if wanted.language() < Language::OLDEST {
        return Err(PipelineError::Usage(format!(
            "gosnip needs Go 1.21 or later, and {wanted} is older"
        )));
    }
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

/// Remove the toolchains of `unwanted` from gosnip's cache.
pub fn remove_toolchain(
    settings: &Settings,
    unwanted: &str,
) -> Result<Vec<Toolchain>, PipelineError> {
    obtain::remove(version(unwanted)?, &cache(settings)?).map_err(environment)
}
