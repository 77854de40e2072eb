object Api { def a = org.apache.commons.lang3.StringUtils.upperCase("a") }
