//! A clock that errs: what it shows, and by how much it may be wrong. `[PTP §3.3.3]`

use clap::Args;

use crate::chamber::wall_clock;
use crate::law::Moment;
use crate::law::offices::CLOCK_ERROR;
use crate::words::Minutes;

use super::Failure;

/// The clock by which somebody may act.
#[derive(Args, Clone)]
pub struct Clock {
    /// By a clock that shows this time, not this machine's; the time of decrees, like that of all
    /// records, is UTC.
    #[arg(long, value_name = "TIME")]
    at: Option<Moment>,
    /// By how much a clock errs at most, in minutes.
    #[arg(long, value_name = "MINUTES", default_value_t = CLOCK_ERROR)]
    pub clock_error: Minutes,
}

impl Clock {
    /// What it shows.
    ///
    /// # Errors
    /// When this machine's clock shows a year that no decree can bear.
    pub fn shows(&self) -> Result<Moment, Failure> {
        let shown = self.at.or_else(|| Moment::of(wall_clock().naive_utc()));
        Ok(shown.ok_or("this machine's clock shows no year from 1 to 9999; give --at")?)
    }
}
