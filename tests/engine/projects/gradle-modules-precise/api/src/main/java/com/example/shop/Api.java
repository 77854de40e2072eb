package com.example.shop;

import org.apache.commons.lang3.StringUtils;

public class Api {
    public static String name() {
        return StringUtils.capitalize("shop");
    }
}
