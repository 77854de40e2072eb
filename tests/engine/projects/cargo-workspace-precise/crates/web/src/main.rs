fn main() {
    let text: std::rc::Rc<str> = shop_core::line().into();
    println!("{text}");
}
