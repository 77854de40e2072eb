fn main() {
    println!("nothing to migrate");
}
