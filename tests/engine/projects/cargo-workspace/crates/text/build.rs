fn main() {
    println!("cargo:rustc-env=GREETING=seven is");
}
