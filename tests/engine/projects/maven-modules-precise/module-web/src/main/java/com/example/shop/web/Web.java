package com.example.shop.web;

import org.apache.commons.lang3.StringUtils;

/** The web part. */
public final class Web {
    private Web() {}

    /** Its name. */
    public static String name() {
        return StringUtils.capitalize("web") + " on " + com.example.shop.core.Core.name();
    }
}
