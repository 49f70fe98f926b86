//! A fault that the auditor found in records: rule, section, rows with file and line.

use std::path::{Path, PathBuf};

use crate::audit::{Finding, Judgment, Rule, Severity};
use crate::chamber::Chamber;
use crate::kept::Run;
use crate::words::Name;

/// A fault in the records of a chamber.
pub(super) struct Record {
    /// The rule's name.
    pub(super) rule: String,
    /// The rule and its section.
    pub(super) broken: String,
    /// The rows, each with its file and line.
    pub(super) rows: Vec<String>,
    /// The reason.
    pub(super) why: String,
    /// The part of the examination in which it was found, in words.
    pub(super) part: String,
    /// The last question at which he did something, and his answer, where both are kept.
    pub(super) asked: Option<[String; 2]>,
    /// The chamber, if it is there to be looked at.
    pub(super) chamber: Option<PathBuf>,
    /// The run, where it is kept in memory.
    pub(super) run: Option<Run>,
}

/// The heading of the last question.
pub(super) const ASKED: &str = "The last question before that at which one of yours did something, and \
    his answer (the cause may lie earlier):";

/// The finding that tells best what he did: in his own ledger or letters if there is one, and the
/// act before its consequences.
pub(super) fn first_fault<'a>(
    judgment: &'a Judgment,
    chamber: &Chamber,
    he: Name,
) -> Option<&'a Finding> {
    let (his_ledger, his_letter) = (chamber.ledger(he), format!("{he},"));
    let broken = judgment.findings().iter().filter(|it| it.severity == Severity::Broken);
    broken.min_by_key(|finding| {
        let row = finding.exhibits.first();
        let is_his =
            row.is_some_and(|it| *it.place.file == his_ledger || it.row.starts_with(&his_letter));
        let consequence = match finding.rule {
            Rule::Consistency | Rule::B1 | Rule::B2 => 2,
            Rule::B3 => 1,
            _ => 0,
        };
        (!is_his, consequence)
    })
}

impl Record {
    /// A finding in the chamber at `root`, below which its files are named.
    pub(super) fn of(
        finding: &Finding,
        root: &Path,
        part: String,
        chamber: Option<PathBuf>,
    ) -> Record {
        let section = finding.rule.section().map(|it| format!(" ({it})")).unwrap_or_default();
        let rows = finding.exhibits.iter().map(|exhibit| {
            let file = exhibit.place.file.as_path();
            let file = file.strip_prefix(root).unwrap_or(file).display();
            format!("{file}:{}  {}", exhibit.place.line, exhibit.row)
        });
        Record {
            rule: finding.rule.to_string(),
            broken: format!("{}{section}", finding.rule),
            rows: rows.collect(),
            why: finding.why.clone(),
            part,
            asked: None,
            chamber,
            run: None,
        }
    }

    /// Names the files of a copy as if they stood in the chamber.
    pub(super) fn name_files_below(&mut self, copy: &Path) {
        let copy = format!("{}/", copy.display());
        self.rows.iter_mut().for_each(|row| *row = row.replace(&copy, ""));
    }

    /// The rule, the rows and the reason, in lines.
    pub(super) fn told(&self) -> String {
        let Record { broken, rows, why, part, asked, .. } = self;
        let mut told = format!("{broken} is broken; {part}:\n");
        rows.iter().for_each(|row| told += &format!("  {row}\n"));
        told += &format!("  {why}");
        if let Some([question, answer]) = asked {
            told += &format!("\n{ASKED}\n  {question}\n  {answer}");
        }
        told
    }
}
