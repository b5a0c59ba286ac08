package dev.athanor.engine.starlark.value;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The methods of a type, by name. A host type holds one in a constant and answers
/// [HasFields#field] from it.
public final class MethodTable<T> {
  /// What a method does.
  public interface Body<T> {
    Object call(StarlarkThread thread, T self, BoundArguments arguments)
        throws EvalError, InterruptedException;
  }

  /// A method that waits for its receiver.
  public record Method<T>(String name, Signature signature, Body<T> body) {
    public Object call(StarlarkThread thread, T self, Arguments arguments)
        throws EvalError, InterruptedException {
      @Nullable Object[] slots = new Object[signature.slotCount()];
      signature.bind(name, arguments, thread.mutability(), slots);
      return body.call(thread, self, new BoundArguments(name, signature, slots));
    }

    /// The method as a value.
    public Builtin bind(T self) {
      return Builtin.bound(
          name, signature, self, (thread, arguments) -> body.call(thread, self, arguments));
    }
  }

  private final Map<String, Method<T>> methods = new HashMap<>();

  /// Only for initialisation.
  public MethodTable<T> add(String name, Signature signature, Body<T> body) {
    methods.put(name, new Method<>(name, signature, body));
    return this;
  }

  public @Nullable Method<T> find(String name) {
    return methods.get(name);
  }

  public Set<String> names() {
    return methods.keySet();
  }
}
