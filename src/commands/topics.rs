//! Pages of the help that belong to no one command: formats, exit codes, environment, scripts.

/// The page on file formats.
pub const FORMATS: &str = "\
Files and formats

All records are CSV: UTF-8, commas, a header, one row a line. They only grow at
their end. Never save one with a spreadsheet: it changes seals such as 06012336.
In pandas: read_csv(FILE, dtype=str, keep_default_na=False).

ledgers/NAME.csv, what a priest has noted and what is decreed:
  entry,number,ballot,decree,quorum,petition,at,dry,seal
  entry is outcome, lastTried, nextBal, prevVote, beginBallot or entered; a
  long ledger begins with the rows of its law book, which are lawBook, law,
  member, office, time, petitionId and bound

messagebooks/NAME.csv, the letters that messengers brought him:
  from,code,ballot,decree,message,number,vote,of,petition,at
  1 NextBallot, or LastVote back; 2 BeginBallot, or Voted back; 3 Success (with
  a decree) or Refused; 4 Failed; 5 Presence; 6 Petition; 7 Inquiry; 8 LawBook

roster.csv, only if the Parliament sits on several machines: who lives on this
one; `lives` is here or elsewhere, and a copy is ledgers/.roster:
  priest,lives,machine,seal

A ballot is a number, a dot, and its owner: 13.Gray. A seal is the CRC-32 of
the place of its row and of the row. at is the time in UTC; nothing is decided
by it. Long books go to ledgers/archive and messagebooks/archive.

A trace (--trace FILE) is CSV too: all that happened, one row each. With --json
a command prints objects with a key `version`, which grows when a key changes
its meaning; new keys may come at any time.

The repository says more: ledgers/README.md, messagebooks/README.md,
docs/trace.md, docs/sea.md.
";

/// The page on scripts of scenes.
pub const SCRIPTS: &str = "\
Scripts of scenes

A script is a text, one command a line; # begins a comment. `parliament play
FILE` begins with it, `s` saves one, and `:` takes a line of it.

Where it begins:
  convene Dwork Gray:2 Oki      these sit, Gray with weight 2; basic protocol
  convene A B C level=synod     with hourglasses; or level=parliament
  heretic Gray NAME             he holds this one of `parliament heresies`
  wish \"Goats may graze\"       a decree to be offered; without any, α and β are
  given Gray prevVote 1 1.Oki α  a row that his ledger has from the start
  letter Oki Gray Voted 1.Gray  a letter that is under way from the start

What is done:
  try 2.Dwork                   he tries a ballot, §2.3 (1)
  begin Dwork β                 he begins it, for β if he is free to, §2.3 (3)
  deliver Oki Gray              Gray reads the oldest letter from Oki
  deliver Oki Gray LastVote 1.Oki     the oldest of these; #2 behind: the second
  deliver all                   every letter, until none is left
  lose Oki Gray, repeat Oki Gray      with the same words as deliver
  crash Gray                    he leaves; his slip of paper is lost
  crash Gray before ink         at his next deed that inks: nothing is written
  crash Gray wet                there: rows are gone, and what rests on them
  crash Gray dry                there: rows stay, what rests on them is not sent
  return Gray                   he opens his ledger again
  enter Gray wish=α appointed   synod: with a wish, thinking that he presides
  wait 22                       synod, parliament: minutes go by
  petition Gray \"TEXT\"         parliament: a citizen asks for a decree
  undo 3, redo, go 5            3 moments back; forth; to moment 5
";

/// The page on exit codes.
pub const EXIT_CODES: &str = "\
Exit codes

  0    done, and consistent
  1    judged, and found wanting: a rule is broken, a decree was not seen to
       pass, there is no law on the matter, somebody may not act
  2    not judged, or not begun: a wrong argument, a file that cannot be used, a
       ledger that cannot be trusted; nothing was decided
  130  interrupted by Ctrl-C or SIGTERM before it was done

sit, priest, watch, lesson, play and law follow go on until Ctrl-C, and then
end with 0. A
petition that was not seen to pass may yet pass: exit code 1 is no proof that it
did not. At a second Ctrl-C a command ends at once, with 130.
";

/// The page on the environment.
pub const ENVIRONMENT: &str = "\
Environment

  NO_COLOR         no colours, where it is set to anything
  CLICOLOR_FORCE   colours, even where no terminal is
  COLUMNS          how wide tables and help are where no terminal says so; 80
                   columns unless set
  TERM             the kind of terminal, as `watch` uses it

A chamber is the current directory, or --chamber DIR: no variable names it, and
there is no file of settings. Nothing depends on language or time zone: times
are UTC. Chance comes from --seed alone; where none is given, one is drawn and
printed. `chronicle --open` hands the page to xdg-open (macOS: open).
";

/// Where the main help names these pages.
pub const POINTER: &str = "\
Pages: parliament help formats, parliament help exit-codes,
       parliament help environment, parliament help scripts

PTP is the paper: Leslie Lamport, The Part-Time Parliament, ACM Transactions on
Computer Systems 16(2), 1998.
https://lamport.azurewebsites.net/pubs/lamport-paxos.pdf";
