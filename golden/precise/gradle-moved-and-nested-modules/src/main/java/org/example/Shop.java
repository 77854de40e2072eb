package org.example;

final class Shop {}
