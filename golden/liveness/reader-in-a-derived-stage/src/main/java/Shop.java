public final class Shop {}
