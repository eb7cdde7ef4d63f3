//! Quantities as people write them: durations (`10s`) and sizes (`1GiB`).

use std::time::Duration;

/// Parse a duration: a number (a fraction is allowed) with its unit, `ms`, `s`, `m` or `h`; several
/// add up (`1m30s`), as in Go.
pub fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is no duration; write it like `10s`, `500ms` or `1m30s`");
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err(wrong());
    }
    let mut seconds = 0.0;
    while !rest.is_empty() {
        let (number, after) = split_number(rest).ok_or_else(wrong)?;
        let end = after
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(after.len());
        let (unit, next) = after.split_at(end);
        seconds += number
            * match unit {
                "ms" => 0.001,
                "s" => 1.0,
                "m" => 60.0,
                "h" => 3600.0,
                _ => return Err(wrong()),
            };
        rest = next;
    }
    match Duration::try_from_secs_f64(seconds) {
        Ok(duration) if !duration.is_zero() => Ok(duration),
        Ok(_) => Err(format!("`{text}` leaves no time at all")),
        Err(_) => Err(wrong()),
    }
}

/// Parse an age: days (`30d`), or a [`duration`].
pub fn age(text: &str) -> Result<Duration, String> {
    let Some(days) = text.trim().strip_suffix('d') else {
        return duration(text);
    };
    let days: u32 = days
        .parse()
        .map_err(|_| format!("`{text}` is no age; write it like `30d` or `12h`"))?;
    Ok(Duration::from_secs(24 * 60 * 60) * days)
}

/// Parse a size in bytes: a number with `KiB`, `MiB`, `GiB` (powers of 1024), `kB`, `MB`, `GB`
/// (powers of 1000) or `B`.
pub fn size(text: &str) -> Result<u64, String> {
    let wrong = || format!("`{text}` is no size; write it like `512MiB` or `1GiB`");
    let (number, unit) = split_number(text.trim()).ok_or_else(wrong)?;
    let factor: u64 = match unit.trim() {
        "B" => 1,
        "kB" | "KB" => 1000,
        "MB" => 1000 * 1000,
        "GB" => 1000 * 1000 * 1000,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _ => return Err(wrong()),
    };
    let bytes = number * factor as f64;
    // 2^53 bytes are more than any machine has, and the last size that f64 holds exactly.
    if (1.0..9_007_199_254_740_992.0).contains(&bytes) {
        Ok(bytes as u64)
    } else {
        Err(wrong())
    }
}

/// The unsigned decimal number at the start of `text`, and what follows it.
fn split_number(text: &str) -> Option<(f64, &str)> {
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    Some((number.parse().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_written_as_in_go() {
        assert_eq!(duration("10s"), Ok(Duration::from_secs(10)));
        assert_eq!(duration("1m30s"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("1.5s"), Ok(Duration::from_millis(1500)));
    }

    #[test]
    fn a_number_without_its_unit_is_no_duration() {
        for wrong in [
            "", "10", "s", "10 s", "10sec", "-1s", "1.2.3s", "0s", "1e99h",
        ] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_age_may_be_in_days() {
        assert_eq!(age("2d"), Ok(Duration::from_secs(2 * 86_400)));
        assert_eq!(age("12h"), Ok(Duration::from_secs(12 * 3600)));
        assert!(age("d").is_err() && age("1.5d").is_err());
    }

    #[test]
    fn sizes_know_both_kinds_of_units() {
        assert_eq!(size("1GiB"), Ok(1 << 30));
        assert_eq!(size("1.5 KiB"), Ok(1536));
        assert_eq!(size("2MB"), Ok(2_000_000));
    }

    #[test]
    fn a_size_needs_a_unit_and_must_not_be_zero() {
        for wrong in ["", "1024", "0B", "1gib", "1TiB", "99999999999GiB"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }
}
