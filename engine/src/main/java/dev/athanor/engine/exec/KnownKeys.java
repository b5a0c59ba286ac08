package dev.athanor.engine.exec;

import dev.athanor.engine.UserException;
import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.ActionCache;
import dev.athanor.engine.action.ActionGraph;
import dev.athanor.engine.action.ActionKey;
import dev.athanor.engine.action.ActionResult;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.source.Sources;
import dev.athanor.engine.tree.Content;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The keys of actions as far as they can be told without running any: where all inputs are sources
/// or stand in cached results. Takes the sources into the store on the way, as a build does. Used
/// by one thread.
public final class KnownKeys {
  private final ActionCache cache;
  private final Sources sources;
  private final ActionGraph graph;
  private final IdentityHashMap<Action, KnownKey> keys = new IdentityHashMap<>();
  private final IdentityHashMap<Action, ActionResult> results = new IdentityHashMap<>();

  public KnownKeys(ActionCache cache, Sources sources, ActionGraph graph) {
    this.cache = cache;
    this.sources = sources;
    this.graph = graph;
  }

  /// The key of an action of the graph. A loop and not a recursion: chains are long.
  public KnownKey key(Action action) throws IOException {
    ArrayDeque<Action> open = new ArrayDeque<>();
    if (!keys.containsKey(action)) {
      open.push(action);
    }
    while (!open.isEmpty()) {
      Action at = open.peek();
      Optional<Action> first = firstUnknown(at);
      if (first.isPresent()) {
        // Stands until the answer is known, so that a cycle ends here.
        keys.put(at, new KnownKey.Unknown(at.describe() + " needs itself"));
        open.push(first.get());
      } else {
        open.pop();
        keys.put(at, compute(at));
      }
    }
    return keys.getOrDefault(action, new KnownKey.Unknown(""));
  }

  private Optional<Action> firstUnknown(Action action) {
    return action.inputs().stream()
        .flatMap(input -> producer(input).stream())
        .filter(producer -> !keys.containsKey(producer))
        .findFirst();
  }

  private Optional<Action> producer(Artifact artifact) {
    return artifact instanceof Artifact.Derived derived
        ? graph.producer(derived)
        : Optional.empty();
  }

  private KnownKey compute(Action action) throws IOException {
    Map<Artifact, Content> inputs = new LinkedHashMap<>();
    for (Artifact input : action.inputs()) {
      try {
        Optional<Content> content = content(input);
        if (content.isEmpty()) {
          return new KnownKey.Unknown("needs " + input.path() + ", which is not cached");
        }
        inputs.put(input, content.get());
      } catch (UserException e) {
        return new KnownKey.Unknown(String.valueOf(e.getMessage()));
      }
    }
    ActionKey key = ActionKey.of(action, inputs);
    Optional<ActionResult> result = action.cacheable() ? cache.get(key.digest()) : Optional.empty();
    result.ifPresent(found -> results.put(action, found));
    return new KnownKey.Known(key, result.isPresent());
  }

  private Optional<Content> content(Artifact artifact) throws IOException {
    return switch (artifact) {
      case Artifact.Source source -> Optional.of(sources.content(source.path()));
      case Artifact.Derived derived ->
          graph
              .producer(derived)
              .map(results::get)
              .map(result -> result.outputs().get(derived.path()));
    };
  }
}
