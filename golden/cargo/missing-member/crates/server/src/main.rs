fn main() {
    println!("{}", text::digits(7));
}
