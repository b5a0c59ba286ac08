package dev.athanor.engine.starlark.syntax;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A region with names of its own: a function, a comprehension, or the top level of a file, which
/// has none but holds the slots of its comprehensions.
final class Block {
  final @Nullable Block parent;

  /// What all blocks of one function share.
  final Slots slots;

  private final Map<String, Binding> names = new HashMap<>();

  /// The slots of a function's frame and the variables it captures.
  static final class Slots {
    final List<Binding> slots = new ArrayList<>();
    final List<Binding> captured = new ArrayList<>();
    final Map<String, Binding> free = new HashMap<>();

    /// How deeply the function itself is nested in the file, and the deepest place in it.
    private final int base;

    private int deepest;

    Slots(int base) {
      this.base = base;
      this.deepest = base;
    }

    void reach(int depth) {
      deepest = Math.max(deepest, depth);
    }

    FunctionScope scope() {
      return new FunctionScope(slots, captured, deepest - base);
    }
  }

  private Block(@Nullable Block parent, Slots slots) {
    this.parent = parent;
    this.slots = slots;
  }

  static Block ofFunction(@Nullable Block parent, int depth) {
    return new Block(parent, new Slots(depth));
  }

  static Block ofComprehension(Block parent) {
    return new Block(parent, parent.slots);
  }

  void bind(String name, int position) {
    names.computeIfAbsent(
        name,
        _ -> {
          var binding = new Binding(name, Binding.Scope.LOCAL, slots.slots.size(), position);
          slots.slots.add(binding);
          return binding;
        });
  }

  /// The variable of this name in this or an outer block, captured on the way through functions.
  @Nullable Binding find(String name) {
    Binding own = names.get(name);
    if (own == null && parent != null && parent.slots == slots) {
      return parent.find(name);
    }
    if (own != null || parent == null) {
      return own;
    }
    Binding free = slots.free.get(name);
    if (free == null) {
      Binding outer = parent.find(name);
      if (outer == null) {
        return null;
      }
      if (outer.scope() == Binding.Scope.LOCAL) {
        outer.capture();
      }
      int index = slots.captured.size();
      free = new Binding(name, Binding.Scope.FREE, index, outer.position());
      slots.captured.add(outer);
      slots.free.put(name, free);
    }
    return free;
  }

  /// Adds the names of this and all outer blocks.
  void visibleNames(Collection<String> out) {
    for (Block block = this; block != null; block = block.parent) {
      out.addAll(block.names.keySet());
    }
  }
}
