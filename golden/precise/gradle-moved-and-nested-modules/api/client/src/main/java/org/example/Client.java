package org.example;

final class Client {}
