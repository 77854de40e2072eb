package com.example.shop;

import org.apache.commons.codec.digest.DigestUtils;

public class Core {
    public static void main(String[] args) {
        System.out.println(DigestUtils.sha256Hex(Api.name()));
    }
}
