use parliament::explore::*; use parliament::heresies; use parliament::simulator::invariants::Rule;
fn main(){
 let a:Vec<String>=std::env::args().collect();
 let p=|i:usize|a[i].parse::<usize>().unwrap();
 let scope=Scope{priests:p(1),ballots:p(2),decrees:p(3),restarts:p(4) as u16};
 let sym=a[5]=="sym";
 let ledgers=a.get(7).is_some();
 let e = if a.len()>6 && a[6]!="-" { let h=heresies::find(&a[6]).unwrap(); h.trial(scope, if ledgers {vec![Rule::Consistency]} else {h.watched()}) }
  else { Exploration{scope,creed:&heresies::Orthodox,watch:if ledgers {vec![Rule::Consistency]} else {Rule::ALL.to_vec()},symmetry:sym,same_integer:false}};
 let t=std::time::Instant::now();
 let f=explore(&e,|f| if a.get(8).is_some(){eprintln!("{} {} {}",f.depth,f.states,f.transitions)}).unwrap();
 let s=t.elapsed().as_secs_f64();
 println!("states {} trans {} depth {} worlds {} sit {} hist {} clauses {} MB {} {:.2}s {:.2}M t/s",f.states,f.transitions,f.depth,f.worlds,f.situations,f.histories,f.clauses,f.bytes>>20,s,f.transitions as f64/s/1e6);
 for (w,b) in &f.sometimes {println!("  {} {}",if *b {"✓"} else {"NEVER"},w)}
 if let Some(b)=f.breach {println!("{b}")}
}
