//! Writes a law book as rows, and reads it back. `[PTP §3.3.2]`
//!
//! Each row says one piece of the law in the words of a decree, under the number of the decree that
//! set it. Reading the rows in order gives the same state as all the decrees.

use super::calendar::{Moment, Term};
use super::enactment::Law;
use super::grammar::Meaning;
use super::ids::Ids;
use super::law_book::LawBook;
use super::matters::Statute;
use super::membership::Seats;
use super::offices::Taken;
use super::phrase::Phrase;
use super::places::Places;
use crate::words::{BookRow, DecreeNumber, Founding, Heading, Membership};

impl LawBook<Law> {
    /// The rows of this book: the last decree that it covers, the law, the members, the offices,
    /// who took them last, and the ids of the petitions that took effect. The ids are kept because
    /// any of these petitions may come again.
    ///
    /// Decrees that wait in the back are left out.
    #[must_use]
    pub fn rows(&self) -> Vec<BookRow> {
        let law = self.state();
        let first = BookRow::of(Heading::LawBook, self.complete_through(), "");
        let mut rows = vec![first];
        for (matter, statute) in law.matters.iter() {
            rows.extend(statute_rows(matter, statute));
        }
        rows.extend(member_rows(&law.seats, &law.places));
        for (office, terms) in law.offices.iter() {
            rows.extend(terms.iter().map(|term| {
                BookRow::of(Heading::Office, term.appointed_by, &term_in_words(office, term))
            }));
        }
        let taken = law.offices.all_taken();
        rows.extend(taken.map(|(office, taken)| taking_office(office, taken)));
        let latest = law.offices.latest_with_number();
        rows.extend(
            latest.map(|(time, number)| BookRow::of(Heading::Time, number, &time.to_string())),
        );
        let ids = self.counted().runs();
        rows.extend(ids.map(|(first, last)| BookRow::of_petitions(&first, &last)));
        rows
    }

    /// Reads a book from its rows, in a Parliament with this founding; `None` if they are no book.
    /// Order matters only among rows of one heading, where it must be that of the numbers.
    #[must_use]
    pub fn of_rows<'a>(
        founding: &Founding,
        rows: impl IntoIterator<Item = &'a BookRow>,
    ) -> Option<LawBook> {
        let (mut law, mut counted) = (Law::founded(founding), Ids::default());
        let mut through = None;
        for row in rows {
            match row.heading {
                Heading::LawBook => through = Some(row.number),
                Heading::Law => declare(&mut law, row)?,
                Heading::Member => {
                    let change = Meaning::of_change_of_members(&row.words)?;
                    law.seat(row.number, &change).ok().filter(|&has_changed| has_changed)?;
                }
                Heading::Office => enter(&mut law, row)?,
                Heading::Time => {
                    law.offices.proposed(row.number, row.words.parse().ok()?);
                }
                Heading::PetitionId => counted.insert_run(&row.petition, &row.words)?,
                Heading::Bound => {}
            }
        }
        Some(LawBook::resumed(law, through?, counted))
    }
}

/// Collects the rows of a law book in a ledger until its last row comes.
#[derive(Debug, Default)]
pub struct BookRows(Vec<BookRow>);

impl BookRows {
    /// Reads a row. At the last one it returns the book, if it can be read and covers more decrees
    /// than `known`.
    pub fn read(
        &mut self,
        row: &BookRow,
        founding: &Founding,
        known: DecreeNumber,
    ) -> Option<LawBook> {
        match row.heading {
            Heading::LawBook => self.0 = vec![row.clone()],
            Heading::Bound => {
                let rows = std::mem::take(&mut self.0);
                return (row.number > known).then(|| LawBook::of_rows(founding, &rows)).flatten();
            }
            _ => self.0.push(row.clone()),
        }
        None
    }
}

/// The rows of one matter: one for the decree that set it, and one for the last decree that
/// restated it, if there is one. `[PTP §3.3.5]`
fn statute_rows(matter: &Phrase, statute: &Statute) -> impl Iterator<Item = BookRow> {
    let (matter, value) = (matter.clone(), statute.value.clone());
    let words = Meaning::Declares { matter, value, provided: None }.to_string();
    let restated = (statute.declared != statute.since).then_some(statute.declared);
    [Some(statute.since), restated]
        .into_iter()
        .flatten()
        .map(move |number| BookRow::of(Heading::Law, number, &words))
}

fn declare(law: &mut Law, row: &BookRow) -> Option<()> {
    match Meaning::of(&row.words) {
        Meaning::Declares { matter, value, provided: None } => {
            law.matters.declare(row.number, matter, value);
            Some(())
        }
        _ => None,
    }
}

/// A row for each change of members, in the words of the decree that made it.
fn member_rows(seats: &Seats, places: &Places) -> impl Iterator<Item = BookRow> {
    let changes: Vec<(DecreeNumber, &Membership)> = seats.changes().collect();
    let rows: Vec<BookRow> = changes
        .windows(2)
        .filter_map(|pair| {
            let ((_, before), (number, after)) = (pair[0], pair[1]);
            let mut change = change(before, after)?;
            if let Meaning::Seats { name, machine, .. } = &mut change {
                *machine = places.named_by(*name, number);
            }
            Some(BookRow::of(Heading::Member, number, &change.to_string()))
        })
        .collect();
    rows.into_iter()
}

/// The change that turns one list of members into the other. A decree changes one seat.
fn change(before: &Membership, after: &Membership) -> Option<Meaning> {
    let seated = after.weights().find(|weight| before.weights().all(|other| other != *weight));
    let gone = || before.names().find(|&name| !after.has(name));
    match seated {
        Some((name, weight)) => Some(Meaning::Seats { name, weight, machine: None }),
        None => gone().map(|name| Meaning::Unseats { name }),
    }
}

/// Reads the row of a term, or of somebody taking office, into the law.
fn enter(law: &mut Law, row: &BookRow) -> Option<()> {
    if let Meaning::TakesOffice { proposed, name, office } = Meaning::of(&row.words) {
        law.offices.enter_taken(office, Taken { by: name, at: proposed, decree: row.number });
        return Some(());
    }
    let (office, term) = term_of_words(row.number, &row.words)?;
    law.offices.enter(office, term);
    Some(())
}

/// The row that somebody took office, in the words of his decree. Citizens who ask a specialist
/// need it as long as the term runs. `[PTP §3.3.4]`
fn taking_office(office: &Phrase, taken: &Taken) -> BookRow {
    let Taken { by: name, at: proposed, decree } = *taken;
    let words = Meaning::TakesOffice { proposed, name, office: office.clone() }.to_string();
    BookRow::of(Heading::Office, decree, &words)
}

/// Formats a term like `8:30 15 Jan 72: Dikstra is cheese inspector until 8:30 15 Apr 72`.
fn term_in_words(office: &Phrase, term: &Term) -> String {
    let Term { holder, from, until, .. } = term;
    let plain = Phrase::plain(office.as_str()).as_ref() == Some(office);
    let office = if plain { office.to_string() } else { office.in_quotes() };
    format!("{from}: {holder} is {office} until {until}")
}

fn term_of_words(appointed_by: DecreeNumber, words: &str) -> Option<(Phrase, Term)> {
    let (from, rest) = words.split_once(": ")?;
    let (holder, rest) = rest.split_once(" is ")?;
    let (office, until) = rest.rsplit_once(" until ")?;
    let (from, until): (Moment, Moment) = (from.parse().ok()?, until.parse().ok()?);
    let office = match Phrase::quoted(office) {
        Some((office, "")) => office,
        _ => Phrase::plain(office)?,
    };
    Some((office, Term { holder: holder.parse().ok()?, from, until, appointed_by }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::law::areas::Area;
    use crate::law::offices::CLOCK_ERROR;
    use crate::words::Decree;

    fn book(decrees: &[(DecreeNumber, &str)]) -> LawBook {
        let mut book = LawBook::opened(Law::founded(&"Dwork Gray Oki:2".parse().unwrap()));
        for (number, text) in decrees {
            for gap in book.complete_through() + 1..*number {
                book.learn(gap, Decree::new("Lamps must use only olive oil").unwrap());
            }
            let decree = Decree::new(text).unwrap().petitioned(&format!("Dolf/{number}")).unwrap();
            book.learn(*number, decree);
        }
        book
    }

    fn lines(book: &LawBook) -> Vec<String> {
        book.rows().iter().map(|row| format!("{} {}", row.in_a_line(), row.petition)).collect()
    }

    #[test]
    fn a_law_book_says_the_law_in_the_words_of_decrees() {
        let book = book(&[
            (2, "The olive tax is 3 drachmas per ton"),
            (3, "The \" is \" is \"\""),
            (5, "Strong is now a legislator with weight 3"),
            (6, "8:30 15 Jan 72—Dikstra is cheese inspector for 3 months"),
            (7, "The olive tax is 3 drachmas per ton"),
            (8, "Lamport is now a legislator, on harbour"),
            (9, "Dwork is no longer a legislator"),
            (10, "The law on nothing is repealed"),
            (11, "8:45 15 Jan 72: Dikstra takes office as cheese inspector"),
        ]);
        let said = [
            "lawBook 11 ",
            "law 3: The \" is \" is \"\" ",
            "law 2: The olive tax is 3 drachmas per ton ",
            "law 7: The olive tax is 3 drachmas per ton ",
            "member 5: Strong is now a legislator with weight 3 ",
            "member 8: Lamport is now a legislator, on harbour ",
            "member 9: Dwork is no longer a legislator ",
            "office 6: 8:30 15 Jan 72: Dikstra is cheese inspector until 8:30 15 Apr 72 ",
            "office 11: 8:45 15 Jan 72: Dikstra takes office as cheese inspector ",
            "time 11: 8:45 15 Jan 72 ",
            "petitionId: Dolf/3 Dolf/2",
            "petitionId: Dolf/11 Dolf/5",
        ];
        assert_eq!(lines(&book), said);
        let founding = "Dwork Gray Oki:2".parse().unwrap();
        assert_eq!(LawBook::of_rows(&founding, &book.rows()), Some(book));
    }

    #[test]
    fn section_3_3_4_a_bound_book_keeps_a_specialists_office() {
        let book = book(&[
            (1, "8:30 15 Jan 72: Dikstra is specialist on olive for 3 months"),
            (2, "8:45 15 Jan 72: Dikstra takes office as specialist on olive"),
            (3, "8:50 15 Jan 72: Gouda is \"a takes office as b\" for 1 month"),
            (4, "8:50 15 Jan 72: Gouda takes office as \"a takes office as b\""),
            (5, "8:50 15 Jan 72: Gouda resigns as \"a takes office as b\""),
        ]);
        let rows = book.rows();
        let reopened = LawBook::of_rows(&"Dwork Gray Oki:2".parse().unwrap(), &rows);
        let reopened = reopened.unwrap();
        assert_eq!(reopened, book);
        let (area, clock) = (Area::of(&Phrase::new("olive tax").unwrap()), "9:15 15 Jan 72");
        let answers = |book: &LawBook| {
            book.state().offices.specialist(&area, clock.parse().unwrap(), CLOCK_ERROR)
        };
        assert_eq!(answers(&reopened), Ok(("Dikstra".parse().unwrap(), 2)));
    }

    #[test]
    fn rows_that_cannot_be_read_make_no_book() {
        let founding: Founding = "Dwork Gray".parse().unwrap();
        let through = BookRow::of(Heading::LawBook, 9, "");
        assert!(LawBook::of_rows(&founding, [&through]).is_some());
        assert!(LawBook::of_rows(&founding, []).is_none(), "the row `lawBook` is missing");
        for (heading, words) in [
            (Heading::Law, "Lamps must use only olive oil"),
            (Heading::Law, "The law on lamps is repealed"),
            (Heading::Member, "Gray is a legislator"),
            (Heading::Member, "Lynch is no longer a legislator"),
            (Heading::Member, "Gray is now a legislator"),
            (Heading::Office, "Dikstra is cheese inspector until 8:30 15 Apr 72"),
            (Heading::Office, "8:30 15 Jan 72: Dikstra is cheese inspector for 3 months"),
            (Heading::Office, "8:30 15 Jan 72: Dikstra resigns as cheese inspector"),
            (Heading::Time, "soon"),
        ] {
            let row = BookRow::of(heading, 3, words);
            assert_eq!(LawBook::of_rows(&founding, [&through, &row]), None, "{words}");
        }
        let runs_back = BookRow::of_petitions("Dolf/9", "Dolf/3");
        assert_eq!(LawBook::of_rows(&founding, [&through, &runs_back]), None);
    }
}
