fn main(){ let mut s=String::new(); std::io::Read::read_to_string(&mut std::io::stdin(),&mut s).unwrap();
let mut p=tree_sitter::Parser::new(); p.set_language(&tree_sitter_go::LANGUAGE.into()).unwrap();
println!("{}", p.parse(&s,None).unwrap().root_node().to_sexp()); }
