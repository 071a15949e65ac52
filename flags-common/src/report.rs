//! What is seen of a run, meanwhile and afterwards.

pub(crate) mod failures;
pub(crate) mod final_report;
pub(crate) mod har;
pub(crate) mod in_flight;
pub(crate) mod output_file;
pub(crate) mod pictures;
pub(crate) mod record;
pub mod sheet;
pub(crate) mod steps;
pub(crate) mod streams;
mod terminal;
pub(crate) mod time_axis;
pub(crate) mod timeline;
pub(crate) mod waterfall;
pub(crate) mod work;
pub(crate) mod worker;
