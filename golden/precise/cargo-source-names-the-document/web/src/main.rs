fn main() {
    println!("{}", api::name());
}
