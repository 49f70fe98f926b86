//! The columns of ledgers and messagebooks.

/// A column of a ledger or a messagebook.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
#[expect(missing_docs, reason = "each is the column of that name")]
pub enum Column {
    Entry,
    From,
    Code,
    Message,
    Number,
    Ballot,
    Decree,
    Quorum,
    Vote,
    Of,
    Petition,
    At,
    Dry,
    Seal,
}

/// The number of columns.
pub(crate) const COLUMNS: usize = Column::Seal as usize + 1;

impl Column {
    /// The column's name in the header.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Column::Entry => "entry",
            Column::From => "from",
            Column::Code => "code",
            Column::Message => "message",
            Column::Number => "number",
            Column::Ballot => "ballot",
            Column::Decree => "decree",
            Column::Quorum => "quorum",
            Column::Vote => "vote",
            Column::Of => "of",
            Column::Petition => "petition",
            Column::At => "at",
            Column::Dry => "dry",
            Column::Seal => "seal",
        }
    }
}
