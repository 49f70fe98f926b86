//! The prose of a file: comments and texts of a Rust source, or the paragraphs of a page.

/// Lines of prose that belong together.
pub struct Piece {
    pub is_comment: bool,
    /// Each line with its number.
    lines: Vec<(usize, String)>,
}

/// A sentence: its words, each with its line.
pub struct Sentence {
    pub words: Vec<(String, usize)>,
    pub is_question: bool,
}

impl Piece {
    pub fn text(&self) -> String {
        self.lines.iter().map(|(_, line)| line.as_str()).collect::<Vec<_>>().join(" ")
    }

    pub fn line(&self) -> usize {
        self.lines.first().map_or(0, |(line, _)| *line)
    }

    /// Leaves these quotations out.
    pub fn leave_out(&mut self, quoted: &[&str]) {
        for (_, line) in &mut self.lines {
            for text in quoted {
                *line = line.replace(text, "…");
            }
        }
    }
}

/// The sentences of a piece, without code in backticks.
pub fn sentences(piece: &Piece) -> Vec<Sentence> {
    let (mut all, mut words) = (Vec::new(), Vec::new());
    let mut is_code = false;
    let mut end = |words: &mut Vec<(String, usize)>, is_question| {
        if !words.is_empty() {
            all.push(Sentence { words: std::mem::take(words), is_question });
        }
    };
    for (line, text) in &piece.lines {
        for token in text.split_whitespace() {
            let mut word = String::new();
            for c in token.chars() {
                if c == '`' {
                    is_code = !is_code;
                    word.push('…');
                } else if !is_code {
                    word.push(c);
                }
            }
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '…');
            if !bare.is_empty() {
                words.push((bare.to_owned(), *line));
            }
            if word.ends_with([',', ';', ':']) {
                words.push((",".to_owned(), *line));
            }
            let tail = word.trim_end_matches(['"', '”', ')', '*', '_']);
            if !is_code && tail.ends_with(['.', '!', '?']) {
                end(&mut words, tail.ends_with('?'));
            }
        }
    }
    end(&mut words, false);
    all
}

/// The paragraphs, list items and table cells of a page, without its blocks of code.
pub fn pieces_of_page(text: &str) -> Vec<Piece> {
    let lines = text.lines().enumerate().map(|(index, line)| (index + 1, line.to_owned()));
    paragraphs(lines.collect())
}

/// Splits lines of prose where a paragraph, a list item, a heading or a table's cell begins.
fn paragraphs(lines: Vec<(usize, String)>) -> Vec<Piece> {
    let mut all: Vec<Piece> = vec![Piece { is_comment: true, lines: Vec::new() }];
    let mut is_code = false;
    for (number, line) in lines {
        let trimmed = line.trim();
        if trimmed.starts_with("```") {
            is_code = !is_code;
        }
        let is_indented = line.starts_with("    ");
        if is_code || trimmed.starts_with("```") || is_indented && !trimmed.starts_with('-') {
            all.push(Piece { is_comment: true, lines: Vec::new() });
            continue;
        }
        let begins = trimmed.is_empty()
            || trimmed.starts_with(['#', '|', '>', '-', '*'])
            || trimmed.split_once(". ").is_some_and(|(n, _)| n.parse::<u32>().is_ok());
        if begins {
            all.push(Piece { is_comment: true, lines: Vec::new() });
        }
        if trimmed.starts_with('|') {
            for cell in trimmed.split('|') {
                all.push(Piece { is_comment: true, lines: vec![(number, cell.to_owned())] });
            }
            all.push(Piece { is_comment: true, lines: Vec::new() });
        } else if let Some(last) = all.last_mut() {
            last.lines.push((number, trimmed.to_owned()));
        }
    }
    all.retain(|piece| !piece.lines.is_empty());
    all
}

/// The comments and texts of a Rust source.
pub fn pieces_of_source(source: &str) -> Vec<Piece> {
    let (mut pieces, mut comment) = (Vec::new(), Vec::new());
    let end_comment = |comment: &mut Vec<(usize, String)>, pieces: &mut Vec<Piece>| {
        pieces.extend(paragraphs(std::mem::take(comment)));
    };
    let (mut rest, mut line) = (source, 1);
    let mut is_alone = true;
    while let Some(c) = rest.chars().next() {
        let length = token(rest);
        let (whole, after) = rest.split_at(length);
        if whole.starts_with("//") {
            let words = whole.trim_start_matches(['/', '!']);
            let words = words.strip_prefix(' ').unwrap_or(words);
            comment.push((line, words.to_owned()));
        } else if whole == "\n" {
            if is_alone && comment.last().is_none_or(|(last, _)| *last != line) {
                end_comment(&mut comment, &mut pieces);
            }
            is_alone = true;
        } else if !c.is_whitespace() {
            end_comment(&mut comment, &mut pieces);
            is_alone = false;
            if length > 1 && whole.contains('"') {
                pieces.push(Piece { is_comment: false, lines: text_lines(whole, line) });
            }
        }
        line += whole.matches('\n').count();
        rest = after;
    }
    end_comment(&mut comment, &mut pieces);
    pieces
}

/// The lines of a text, without the marks around it.
fn text_lines(whole: &str, first: usize) -> Vec<(usize, String)> {
    let from = whole.find('"').map_or(0, |at| at + 1);
    let inner = &whole[from..whole.rfind('"').unwrap_or(whole.len()).max(from)];
    let lines = inner.lines().enumerate().map(|(index, line)| {
        let line = line.trim().trim_end_matches('\\').replace("\\n", " ").replace("\\\"", "\"");
        (first + index, line)
    });
    lines.collect()
}

/// How many bytes the first token takes: a comment to its line's end, a text, a character, or one
/// character of anything else.
fn token(rest: &str) -> usize {
    let first = rest.chars().next().map_or(0, char::len_utf8);
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if rest.starts_with("/*") {
        return rest.find("*/").map_or(rest.len(), |at| at + 2);
    }
    if let Some(hashes) = raw(rest) {
        let end = format!("\"{}", "#".repeat(hashes));
        let from = 2 + hashes;
        return rest[from..].find(&end).map_or(rest.len(), |at| from + at + end.len());
    }
    if rest.starts_with('"') {
        let mut escaped = false;
        for (at, c) in rest.char_indices().skip(1) {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => return at + 1,
                _ => {}
            }
        }
        return rest.len();
    }
    if let Some(after) = rest.strip_prefix('\'') {
        // A character ends with a quotation mark; a lifetime does not.
        let mut inside = after.char_indices();
        let close = match inside.next() {
            Some((_, '\\')) => after[2..].find('\'').map(|at| at + 2),
            Some(_) => inside.next().filter(|(_, c)| *c == '\'').map(|(at, _)| at),
            None => None,
        };
        return close.map_or(first, |at| at + 2);
    }
    first
}

/// The number of `#` of a raw text that begins here.
fn raw(rest: &str) -> Option<usize> {
    let after = rest.strip_prefix('r')?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    after[hashes..].starts_with('"').then_some(hashes)
}
