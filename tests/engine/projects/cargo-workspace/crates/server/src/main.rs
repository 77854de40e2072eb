fn main() -> anyhow::Result<()> {
    println!("{}", text::digits(7));
    Ok(())
}
