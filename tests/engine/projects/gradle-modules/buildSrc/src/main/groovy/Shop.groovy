class Shop {
    static String text(String name) { org.apache.commons.io.FilenameUtils.getName("/shop/" + name) }
}
