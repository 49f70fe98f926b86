//! The public items of the house, a line for each.

use std::collections::BTreeSet;
use std::path::Path;

use quote::ToTokens;
use syn::{Fields, ImplItem, Item, Signature, TraitItem, Type, Visibility};

/// All public items below `src`, as a user names them.
pub fn of(src: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    read(&src.join("lib.rs"), src, "parliament", &mut found);
    found
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// Tokens as a person writes them.
fn words(tokens: &impl ToTokens) -> String {
    let mut text = tokens.to_token_stream().to_string();
    for (from, to) in [
        (" :: ", "::"),
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
        (" ,", ","),
        (" ;", ";"),
        (" :", ":"),
        ("& ", "&"),
        (" < ", "<"),
        ("< ", "<"),
        (" <", "<"),
        (" >", ">"),
        ("[ ", "["),
        (" ]", "]"),
        ("->", " ->"),
        ("  ", " "),
        ("' ", "'"),
    ] {
        text = text.replace(from, to);
    }
    text
}

fn read(file: &Path, below: &Path, module: &str, found: &mut BTreeSet<String>) {
    let code = std::fs::read_to_string(file).unwrap();
    let parsed = syn::parse_file(&code).unwrap();
    for item in &parsed.items {
        match item {
            Item::Mod(it) if is_public(&it.vis) && it.content.is_none() => {
                let path = format!("{module}::{}", it.ident);
                found.insert(format!("mod {path}"));
                let inner = below.join(it.ident.to_string());
                let alone = below.join(format!("{}.rs", it.ident));
                let file = if alone.is_file() { alone } else { inner.join("mod.rs") };
                read(&file, &inner, &path, found);
            }
            other => tell(other, module, found),
        }
    }
}

fn tell(item: &Item, module: &str, found: &mut BTreeSet<String>) {
    match item {
        Item::Fn(it) if is_public(&it.vis) => tell_fn(&it.sig, module, found),
        Item::Const(it) if is_public(&it.vis) => {
            found.insert(format!("const {module}::{}: {}", it.ident, words(&it.ty)));
        }
        Item::Type(it) if is_public(&it.vis) => {
            found.insert(format!("type {module}::{} = {}", it.ident, words(&it.ty)));
        }
        Item::Use(it) if is_public(&it.vis) => {
            found.insert(format!("use {module}::[{}]", words(&it.tree)));
        }
        Item::Struct(it) if is_public(&it.vis) => {
            let path = format!("{module}::{}", it.ident);
            found.insert(format!("struct {path}{}", words(&it.generics)));
            for (i, field) in it.fields.iter().enumerate().filter(|(_, it)| is_public(&it.vis)) {
                let name = field.ident.as_ref().map_or(i.to_string(), ToString::to_string);
                found.insert(format!("field {path}.{name}: {}", words(&field.ty)));
            }
        }
        Item::Enum(it) if is_public(&it.vis) => {
            let path = format!("{module}::{}", it.ident);
            let open = it.attrs.iter().any(|it| it.path().is_ident("non_exhaustive"));
            let open = if open { ", and others to come" } else { "" };
            found.insert(format!("enum {path}{}{open}", words(&it.generics)));
            for variant in &it.variants {
                let fields = match &variant.fields {
                    Fields::Unit => String::new(),
                    fields => {
                        let told = fields.iter().map(|it| match &it.ident {
                            Some(name) => format!("{name}: {}", words(&it.ty)),
                            None => words(&it.ty),
                        });
                        format!(" {{ {} }}", told.collect::<Vec<_>>().join(", "))
                    }
                };
                found.insert(format!("variant {path}::{}{fields}", variant.ident));
            }
        }
        Item::Trait(it) if is_public(&it.vis) => {
            let path = format!("{module}::{}", it.ident);
            found.insert(format!("trait {path}"));
            for item in &it.items {
                if let TraitItem::Fn(it) = item {
                    tell_fn(&it.sig, &path, found);
                }
            }
        }
        Item::Impl(it) if it.trait_.is_none() => {
            let Type::Path(of) = &*it.self_ty else { return };
            let path = format!("{module}::{}", words(of));
            for item in &it.items {
                match item {
                    ImplItem::Fn(it) if is_public(&it.vis) => tell_fn(&it.sig, &path, found),
                    ImplItem::Const(it) if is_public(&it.vis) => {
                        found.insert(format!("const {path}::{}: {}", it.ident, words(&it.ty)));
                    }
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

fn tell_fn(signature: &Signature, path: &str, found: &mut BTreeSet<String>) {
    let text = words(signature);
    let name = signature.ident.to_string();
    found.insert(text.replacen(&format!("fn {name}"), &format!("fn {path}::{name}"), 1));
}
