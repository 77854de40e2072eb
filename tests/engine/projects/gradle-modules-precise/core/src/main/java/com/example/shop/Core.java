package com.example.shop;

public class Core {
    public static String line() {
        return "in the " + Api.name();
    }
}
