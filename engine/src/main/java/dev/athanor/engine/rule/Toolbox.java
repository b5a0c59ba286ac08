package dev.athanor.engine.rule;

import dev.athanor.engine.action.ActionType;
import dev.athanor.engine.action.ExecutionRoot;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/// What rules that users write in the build language work with, and the engine itself does not
/// have.
///
/// @param write a built-in that makes a file of its parameter `content`; with the parameter
///   `executable`, a program
/// @param copy a built-in whose output is its input
/// @param host the host's tools, asked for only when a command needs them
/// @param env the environment that commands start with
/// @param providers of built-in rules that user rules may read and make
public record Toolbox(
    ActionType write,
    ActionType copy,
    Supplier<ExecutionRoot.Host> host,
    SortedMap<String, String> env,
    List<ProviderType<?>> providers) {
  public Toolbox {
    env = Collections.unmodifiableSortedMap(new TreeMap<>(env));
    providers = List.copyOf(providers);
  }
}
