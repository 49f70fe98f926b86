//! An address as a code that a phone's camera reads.

use std::fmt::Write as _;

use qrcode::{Color, QrCode};

/// Modules of white around a code, as ISO/IEC 18004 asks.
const MARGIN: usize = 4;

/// The code as SVG: black on white, in light and dark pages alike.
///
/// # Errors
/// When the text is too long for a code.
pub(super) fn in_svg(text: &str) -> Result<String, String> {
    let code = QrCode::new(text).map_err(|why| format!("no code holds this address: {why}"))?;
    let (width, whole) = (code.width(), code.width() + 2 * MARGIN);
    let mut path = String::new();
    for (i, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            let (x, y) = (i % width + MARGIN, i / width + MARGIN);
            // Nothing fails in writing to a text.
            let _ = write!(path, "M{x} {y}h1v1h-1z");
        }
    }
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {whole} {whole}\" \
         shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{whole}v{whole}h-{whole}z\"/>\
         <path d=\"{path}\"/></svg>"
    ))
}
