//! Matching open integer enums.

use super::Wire;
use super::buffered::BufferedValue;
use super::match_score::MatchScore;

/// Computes how well an integer enum matches `value`: it matches every integer, and known values better than a plain
/// integer does.
pub fn score_integer_enum<T: Wire>(
    value: &BufferedValue<'_>,
    is_known: fn(&T) -> bool,
) -> MatchScore {
    value.as_number()?;
    let value = T::read(value).ok()?;
    Some(if is_known(&value) { 3 } else { 0 })
}
