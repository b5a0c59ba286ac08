package dev.athanor.engine.bzl;

import dev.athanor.engine.starlark.value.Builtin;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.HasFields;
import dev.athanor.engine.starlark.value.Printer;
import dev.athanor.engine.starlark.value.Sequence;
import dev.athanor.engine.starlark.value.Starlark;
import dev.athanor.engine.starlark.value.StarlarkList;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A set that shares its parts with others: elements of its own, and whole sets below. Joining sets
/// copies nothing; only [#toList] walks them.
final class Depset implements HasFields {
  static final Builtin CONSTRUCTOR =
      Builtin.of(
          "depset",
          "direct=[], order='default', *, transitive=[]",
          (thread, arguments) -> {
            Order order = order(arguments.string("order"));
            List<Depset> transitive = arguments.elements("transitive", Depset.class, "depset");
            List<Object> direct = new ArrayList<>();
            for (Object element : arguments.get("direct", Sequence.class, "list")) {
              if (!Starlark.isImmutable(element)) {
                throw new EvalError("depset elements must not be mutable values");
              }
              direct.add(element);
            }
            return new Depset(order, direct, transitive);
          });

  private final Order order;
  private final List<Object> direct;
  private final List<Depset> transitive;

  enum Order {
    DEFAULT,
    POSTORDER,
    PREORDER,
    TOPOLOGICAL
  }

  Depset(Order order, List<?> direct, List<Depset> transitive) {
    this.order = order;
    this.direct = List.copyOf(direct);
    this.transitive = List.copyOf(transitive);
  }

  static Depset of(List<?> elements) {
    return new Depset(Order.DEFAULT, elements, List.of());
  }

  /// Every element once. By default and in postorder, those of the sets below come before this
  /// set's own; in preorder after them; topologically, no element before one of a set above it.
  List<Object> toList() {
    Set<Object> elements = new LinkedHashSet<>();
    if (order == Order.TOPOLOGICAL) {
      // From right to left, and turned round at the end: so the last mention of an element is what
      // counts.
      for (Depset set : postorder(true)) {
        set.direct.reversed().forEach(elements::add);
      }
      List<Object> reversed = new ArrayList<>(elements);
      Collections.reverse(reversed);
      return reversed;
    }
    if (order == Order.PREORDER) {
      preorder(elements);
    } else {
      postorder(false).forEach(set -> elements.addAll(set.direct));
    }
    return new ArrayList<>(elements);
  }

  private void preorder(Set<Object> elements) {
    Set<Depset> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Depset> open = new ArrayDeque<>(List.of(this));
    for (Depset set = open.poll(); set != null; set = open.poll()) {
      if (seen.add(set)) {
        elements.addAll(set.direct);
        set.transitive.reversed().forEach(open::push);
      }
    }
  }

  /// This set and all below it, each after those below it. No recursion: chains of thousands are
  /// usual.
  private List<Depset> postorder(boolean fromTheRight) {
    List<Depset> done = new ArrayList<>();
    Set<Depset> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Set<Depset> expanded = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Depset> open = new ArrayDeque<>(List.of(this));
    while (!open.isEmpty()) {
      Depset set = open.peek();
      if (expanded.add(set)) {
        // What is pushed last comes first.
        List<Depset> below = fromTheRight ? set.transitive : set.transitive.reversed();
        below.stream().filter(t -> !seen.contains(t)).forEach(open::push);
      } else {
        open.pop();
        if (seen.add(set)) {
          done.add(set);
        }
      }
    }
    return done;
  }

  @Override
  public String type() {
    return "depset";
  }

  @Override
  public boolean truth() {
    return !direct.isEmpty() || transitive.stream().anyMatch(Depset::truth);
  }

  @Override
  public @Nullable Object field(String name) {
    return name.equals("to_list")
        ? Builtin.of(
            "to_list", "", (thread, _) -> StarlarkList.copyOf(thread.mutability(), toList()))
        : null;
  }

  @Override
  public Collection<String> fieldNames() {
    return List.of("to_list");
  }

  @Override
  public void repr(Printer printer) {
    printer.list("depset([", toList(), "])");
  }

  private static Order order(String name) throws EvalError {
    return switch (name) {
      case "default" -> Order.DEFAULT;
      case "postorder" -> Order.POSTORDER;
      case "preorder" -> Order.PREORDER;
      case "topological" -> Order.TOPOLOGICAL;
      default ->
          throw new EvalError(
              "depset order must be default, postorder, preorder or topological, not '"
                  + name
                  + "'");
    };
  }
}
