//! The names of other files that each file of the house uses.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Item, UseTree, Visibility};

/// The names that each file uses.
pub type Graph = BTreeMap<String, BTreeSet<String>>;

/// A path as code names it, from the crate on: `["synod", "priest", "Priest"]`.
type Named = Vec<String>;

/// A file: the module it is, what its code names, and what it hands on from its children.
struct File {
    module: Vec<String>,
    names: BTreeSet<Named>,
    hands_on: BTreeMap<String, Named>,
}

/// All files below one directory, their tests left out.
#[derive(Default)]
pub struct House {
    files: BTreeMap<Vec<String>, File>,
}

impl House {
    /// Reads the sources below `src`, without their tests.
    pub fn of(src: &Path) -> House {
        let mut house = House::default();
        house.read(src, &[]);
        house
    }

    fn read(&mut self, directory: &Path, module: &[String]) {
        let mut tests = BTreeSet::new();
        let mut below: Vec<PathBuf> =
            std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
        // A room's `mod.rs` says which of its files are tests.
        below.sort_by_key(|path| !path.ends_with("mod.rs"));
        for path in below {
            let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
            let here: Vec<String> = match &*stem {
                "mod" => module.to_vec(),
                _ => module.iter().cloned().chain([stem.clone()]).collect(),
            };
            if path.is_dir() {
                self.read(&path, &here);
            } else if path.extension().is_some_and(|it| it == "rs")
                && !["lib", "main"].contains(&&*stem)
                && !tests.contains(&stem)
            {
                let code = std::fs::read_to_string(&path).unwrap();
                tests.extend(self.add(here, &code));
            }
        }
    }

    /// Adds one file; returns the names of its modules that are tests.
    pub fn add(&mut self, module: Vec<String>, code: &str) -> BTreeSet<String> {
        let parsed = syn::parse_file(code).unwrap_or_else(|why| panic!("{module:?}: {why}"));
        let mut tests = BTreeSet::new();
        let (mut names, mut hands_on) = (BTreeSet::new(), BTreeMap::new());
        for item in parsed.items {
            match item {
                Item::Mod(it) if is_test(&it.attrs) => {
                    tests.insert(it.ident.to_string());
                }
                Item::Use(it) if is_test(&it.attrs) => {}
                Item::Use(it) => {
                    let mut found = Vec::new();
                    flatten(&it.tree, &mut Vec::new(), &mut found);
                    for (path, called) in found {
                        let path = from_the_crate(&module, path);
                        if !matches!(it.vis, Visibility::Inherited) {
                            hands_on.insert(called, path);
                        } else {
                            names.insert(path);
                        }
                    }
                }
                other => scan(&module, other.to_token_stream(), &mut names),
            }
        }
        self.files.insert(module.clone(), File { module, names, hands_on });
        tests
    }

    /// The file in which this is defined, whatever hands it on.
    fn home_of<'a>(&'a self, named: &'a [String]) -> Option<&'a File> {
        let file = (1..=named.len()).rev().find_map(|n| self.files.get(&named[..n]))?;
        match named.get(file.module.len()).and_then(|item| file.hands_on.get(item)) {
            Some(elsewhere) if *elsewhere != named => self.home_of(elsewhere),
            _ => Some(file),
        }
    }

    /// Which room names which.
    pub fn rooms(&self) -> Graph {
        let mut rooms = Graph::new();
        for file in self.files.values() {
            let sees = rooms.entry(file.module[0].clone()).or_default();
            for named in file.names.iter().chain(file.hands_on.values()) {
                sees.extend(named.first().filter(|room| **room != file.module[0]).cloned());
            }
        }
        rooms
    }

    /// Within each room, which file names which.
    pub fn files(&self) -> BTreeMap<String, Graph> {
        let mut rooms: BTreeMap<String, Graph> = BTreeMap::new();
        for file in self.files.values() {
            let sees = rooms.entry(file.module[0].clone()).or_default();
            let seen = file.names.iter().filter_map(|named| self.home_of(named));
            let seen = seen.filter(|it| it.module[0] == file.module[0] && it.module != file.module);
            sees.insert(file.module.join("::"), seen.map(|it| it.module.join("::")).collect());
        }
        rooms
    }

    /// The part of one file that another names.
    pub fn why(&self, from: &str, to: &str) -> String {
        let module = |file: &File| file.module.join("::");
        let seen = |named: &&Named| self.home_of(named).is_some_and(|home| module(home) == to);
        let file = self.files.values().find(|file| module(file) == from);
        let names = file.into_iter().flat_map(|file| &file.names);
        names.filter(seen).map(|named| named.join("::")).collect::<Vec<_>>().join(", ")
    }
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|it| it.path().is_ident("cfg") && has_word(it.meta.to_token_stream()))
}

fn has_word(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Group(group) => has_word(group.stream()),
        TokenTree::Ident(word) => word == "test",
        _ => false,
    })
}

/// Every path of a `use`, with the name under which it is used.
fn flatten(tree: &UseTree, before: &mut Named, found: &mut Vec<(Named, String)>) {
    match tree {
        UseTree::Path(path) => {
            before.push(path.ident.to_string());
            flatten(&path.tree, before, found);
            before.pop();
        }
        UseTree::Name(name) if name.ident == "self" => {
            found.push((before.clone(), before.last().cloned().unwrap_or_default()));
        }
        UseTree::Name(name) => found.push((with(before, &name.ident), name.ident.to_string())),
        UseTree::Rename(name) => found.push((with(before, &name.ident), name.rename.to_string())),
        UseTree::Glob(_) => found.push((before.clone(), "*".to_owned())),
        UseTree::Group(group) => {
            group.items.iter().for_each(|tree| flatten(tree, before, found));
        }
    }
}

fn with(before: &[String], last: &impl ToString) -> Named {
    before.iter().cloned().chain([last.to_string()]).collect()
}

/// A path as the crate's root names it; one that begins with neither `crate` nor `super` begins at
/// a child of this module, or in another crate, which has no room here.
fn from_the_crate(module: &[String], path: Named) -> Named {
    let mut base = module.to_vec();
    let mut rest = path.as_slice();
    loop {
        match rest.first().map(String::as_str) {
            Some("crate") => (base, rest) = (Vec::new(), &rest[1..]),
            Some("self") => rest = &rest[1..],
            Some("super") => {
                base.pop();
                rest = &rest[1..];
            }
            _ => break,
        }
    }
    base.into_iter().chain(rest.iter().cloned()).collect()
}

/// Paths in code, macros too, that begin with `crate`, `super` or `self`.
fn scan(module: &[String], tokens: TokenStream, names: &mut BTreeSet<Named>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let is_colon =
        |i: usize| matches!(tokens.get(i), Some(TokenTree::Punct(p)) if p.as_char() == ':');
    let mut i = 0;
    while i < tokens.len() {
        match &tokens[i] {
            TokenTree::Group(group) => scan(module, group.stream(), names),
            TokenTree::Ident(first) if is_colon(i + 1) && is_colon(i + 2) => {
                let mut path = vec![first.to_string()];
                while is_colon(i + 1) && is_colon(i + 2) {
                    match tokens.get(i + 3) {
                        Some(TokenTree::Ident(next)) => path.push(next.to_string()),
                        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                            // A `use` within a function.
                            if let Ok(tree) = syn::parse2::<UseTree>(group.to_token_stream()) {
                                let mut found = Vec::new();
                                flatten(&tree, &mut path.clone(), &mut found);
                                names.extend(
                                    found.into_iter().map(|(it, _)| from_the_crate(module, it)),
                                );
                            }
                            break;
                        }
                        _ => break,
                    }
                    i += 3;
                }
                names.insert(from_the_crate(module, path));
            }
            _ => {}
        }
        i += 1;
    }
}

/// Sets of nodes each of which leads to every other.
pub fn circles(graph: &Graph) -> Vec<BTreeSet<String>> {
    let reach: Graph = graph.keys().map(|from| (from.clone(), reached(graph, from))).collect();
    let mut found = BTreeSet::new();
    for (from, to) in &reach {
        let circle: BTreeSet<String> = to
            .iter()
            .filter(|it| reach.get(*it).is_some_and(|r| r.contains(from)))
            .cloned()
            .collect();
        if circle.contains(from) && circle.len() > 1 {
            found.insert(circle);
        }
    }
    found.into_iter().collect()
}

fn reached(graph: &Graph, from: &str) -> BTreeSet<String> {
    let (mut seen, mut next) = (BTreeSet::new(), vec![from]);
    while let Some(at) = next.pop() {
        for to in graph.get(at).into_iter().flatten() {
            if seen.insert(to.clone()) {
                next.push(to);
            }
        }
    }
    seen
}
