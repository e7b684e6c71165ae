//! Links the library that DBOSC_LIBRARY names, or the system's.

use std::{env, path::Path};

fn main() {
    println!("cargo:rerun-if-env-changed=DBOSC_LIBRARY");
    if let Ok(library) = env::var("DBOSC_LIBRARY") {
        let folder = Path::new(&library).parent().expect("DBOSC_LIBRARY is a file in a folder");
        println!("cargo:rustc-link-search=native={}", folder.display());
    }
    println!("cargo:rustc-link-lib=dylib=dbosc");
}
