package org.example;

public final class Web {}
