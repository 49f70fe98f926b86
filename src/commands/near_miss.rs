//! A word to whoever asks for a decree that is almost of a form, before it is passed as words.

use crate::law::Form;
use crate::words::Decree;

/// Of how many decrees a word is said.
const SAID: usize = 3;

/// Says on standard error which decrees will change no entry of the law, and what they resemble.
pub fn say_what_resembles(decrees: &[Decree]) {
    let near = decrees.iter().filter_map(|it| Some((it, Form::resembled_by(it.text())?)));
    for (decree, form) in near.take(SAID) {
        crate::commands::page::aside!(
            "parliament: “{decree}” will stand in the ledger and change no entry of the law; it resembles {form}"
        );
    }
}
