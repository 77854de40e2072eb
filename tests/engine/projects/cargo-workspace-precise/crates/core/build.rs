fn main() {
    println!("cargo:rustc-env=GREETING=the shop has");
}
