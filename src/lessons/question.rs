//! A question, and the form of its answer.

/// A question that a student answers in `answer.csv`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question {
    /// By what word it stands in `answer.csv`.
    pub key: &'static str,
    /// The question, as a template.
    pub ask: &'static str,
    /// How it may be answered.
    pub form: Form,
}

/// How a question may be answered.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Form {
    /// `yes` or `no`.
    YesNo,
    /// A whole number.
    Number,
    /// Priests of the cast, spaces between, or `nobody`.
    Names,
    /// One of these words, as templates.
    Choice(&'static [&'static str]),
}

/// A question that is answered by yes or no.
pub(super) const fn yes_no(key: &'static str, ask: &'static str) -> Question {
    Question { key, ask, form: Form::YesNo }
}

/// A question that is answered by a number.
pub(super) const fn number(key: &'static str, ask: &'static str) -> Question {
    Question { key, ask, form: Form::Number }
}

/// A question that is answered by names.
pub(super) const fn names(key: &'static str, ask: &'static str) -> Question {
    Question { key, ask, form: Form::Names }
}

/// A question that is answered by one of some words.
pub(super) const fn choice(
    key: &'static str,
    ask: &'static str,
    words: &'static [&'static str],
) -> Question {
    Question { key, ask, form: Form::Choice(words) }
}

impl Question {
    /// How it is to be answered, in words.
    pub fn how(&self) -> String {
        match self.form {
            Form::YesNo => "yes or no".into(),
            Form::Number => "a number".into(),
            Form::Names => "names with spaces between them, or nobody".into(),
            Form::Choice(words) => match words.split_last() {
                Some((last, [])) => (*last).into(),
                Some((last, others)) => format!("{} or {last}", others.join(", ")),
                None => String::new(),
            },
        }
    }
}
