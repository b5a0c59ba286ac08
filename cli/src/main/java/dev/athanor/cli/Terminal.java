package dev.athanor.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/// The process's surroundings, in one place so that tests can make up their own.
///
/// @param out results, and nothing else
/// @param err progress and errors
/// @param interactive whether somebody watches `err`
/// @param columns how wide `err` is, if it is a terminal
/// @param directory where relative paths of flags start
record Terminal(
    PrintStream out,
    PrintStream err,
    boolean interactive,
    int columns,
    Map<String, String> env,
    Path directory) {
  Terminal {
    env = Map.copyOf(env);
  }
}
