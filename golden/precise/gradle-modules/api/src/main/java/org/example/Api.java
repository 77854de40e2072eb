package org.example;

public final class Api {}
