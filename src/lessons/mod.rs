//! The lessons: a way through the paper, walked with one's own hands. `[ours]`
//!
//! A check is a function over facts, what the auditor finds and what records state, never over text.
//! It answers with the first thing that is missing. A teacher adds a lesson as one file in `course`.
//!
//! | file | what it tells |
//! |---|---|
//! | `missing` | what a check says: the first thing that is missing |
//! | `suspects` | the four suspects of the inquisition |
//! | `cast` | names, decrees and ballot numbers, drawn from a student's name |
//! | `question` | what is asked, and how it may be answered |
//! | `answers` | what a student wrote into `answer.csv` |
//! | `facts` | a chamber as a check sees it |
//! | `events` | a trace as a check sees it |
//! | `sight` | a lesson's folder as a check sees it |
//! | `setting` | texts set in lines, commands that can be pasted |
//! | `laid` | records that a lesson lays down, sealed |
//! | `lesson` | a lesson: its text, files, questions, steps and hints |
//! | `course` | the lessons, a file each |
//! | `progress` | `progress.csv`: what was begun, answered, solved |
//! | `shelf` | the folders, laid down, reset and checked |

mod answers;
pub(crate) mod cast;
mod course;
mod events;
mod facts;
mod laid;
pub(crate) mod lesson;
pub(crate) mod missing;
mod progress;
mod question;
pub(crate) mod setting;
pub(crate) mod shelf;
mod sight;
mod suspects;

pub(crate) use course::ALL;
