package com.example;

/** What is said to somebody, or to everybody where {@code name} is empty. */
record Greeting(String name) {
  String text() {
    return "Hello, " + (name.isEmpty() ? "world" : name) + "!";
  }
}
