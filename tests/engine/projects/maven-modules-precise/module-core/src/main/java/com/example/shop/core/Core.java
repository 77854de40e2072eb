package com.example.shop.core;

import org.apache.commons.lang3.StringUtils;

/** The core part. */
public final class Core {
    private Core() {}

    /** Its name. */
    public static String name() {
        return StringUtils.capitalize("core") + " on " + com.example.shop.api.Api.name();
    }
}
