package com.example.shop.api;

import org.apache.commons.lang3.StringUtils;

/** The api part. */
public final class Api {
    private Api() {}

    /** Its name. */
    public static String name() {
        return StringUtils.capitalize("api");
    }
}
