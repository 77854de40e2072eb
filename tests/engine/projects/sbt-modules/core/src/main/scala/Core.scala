object Core { def main(a: Array[String]): Unit = println(Api.a + org.apache.commons.codec.digest.DigestUtils.md5Hex("x")) }
