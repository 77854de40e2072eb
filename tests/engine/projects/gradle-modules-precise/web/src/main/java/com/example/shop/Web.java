package com.example.shop;

public class Web {
    public static void main(String[] arguments) {
        System.out.println(Core.line());
    }
}
