package org.example;

public final class Core {}
