package dev.athanor.engine.starlark.value;

import org.jspecify.annotations.Nullable;

/// A function written in Java, possibly a method that is bound to its receiver.
public final class Builtin implements Callable {
  /// What the function does.
  public interface Body {
    Object call(StarlarkThread thread, BoundArguments arguments)
        throws EvalError, InterruptedException;
  }

  private final String name;
  private final Signature signature;
  private final Body body;
  private final @Nullable Object receiver;

  private Builtin(String name, Signature signature, Body body, @Nullable Object receiver) {
    this.name = name;
    this.signature = signature;
    this.body = body;
    this.receiver = receiver;
  }

  public static Builtin of(String name, Signature signature, Body body) {
    return new Builtin(name, signature, body, null);
  }

  /// A function with the parameters that [Signature#parse] reads.
  public static Builtin of(String name, String parameters, Body body) {
    return of(name, Signature.parse(parameters), body);
  }

  /// A method of `receiver`.
  static Builtin bound(String name, Signature signature, Object receiver, Body body) {
    return new Builtin(name, signature, body, receiver);
  }

  @Override
  public String name() {
    return name;
  }

  public Signature signature() {
    return signature;
  }

  @Override
  public String type() {
    return "builtin_function_or_method";
  }

  @Override
  public Object call(StarlarkThread thread, Arguments arguments)
      throws EvalError, InterruptedException {
    @Nullable Object[] slots = new Object[signature.slotCount()];
    signature.bind(name, arguments, thread.mutability(), slots);
    return body.call(thread, new BoundArguments(name, signature, slots));
  }

  @Override
  public void repr(Printer printer) {
    if (receiver == null) {
      printer.append("<built-in function ").append(name).append(">");
    } else {
      printer.append("<built-in method ").append(name).append(" of ");
      printer.append(Starlark.type(receiver)).append(" value>");
    }
  }
}
