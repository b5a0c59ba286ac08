package dev.athanor.engine.starlark.value;

import dev.athanor.engine.starlark.syntax.Location;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One strand of evaluation: its call stack, its limits, and what the host has to say to it.
///
/// Belongs to one Java thread. What it makes stays mutable until [#close]. Interrupting the Java
/// thread stops the evaluation with an [InterruptedException] soon after.
public final class StarlarkThread implements AutoCloseable {
  /// How many steps pass between two looks at the interrupt flag.
  private static final int CHECK_INTERVAL = 4096;

  /// The deepest nesting of operations that are active at once: some 200 bytes of Java stack each.
  private static final int MAX_NESTING = 4000;

  /// What a call adds to the nesting of the function's body.
  private static final int CALL_NESTING = 10;

  private final Limits limits;
  private final Loader loader;
  private final PrintHandler printHandler;
  private final boolean recursion;
  private final Mutability mutability = Mutability.create();
  private final Map<Class<?>, Object> context;

  private @Nullable Activation[] stack = new Activation[16];
  private int depth;
  private int nesting;
  private long steps;
  private long checkpoint;
  private long allocated;

  private StarlarkThread(Builder builder) {
    this.limits = builder.limits;
    this.loader = builder.loader;
    this.printHandler = builder.printHandler;
    this.recursion = builder.recursion;
    this.context = Map.copyOf(builder.context);
    this.checkpoint = Math.min(CHECK_INTERVAL, limits.steps());
  }

  public static StarlarkThread create() {
    return builder().build();
  }

  public static Builder builder() {
    return new Builder();
  }

  public Mutability mutability() {
    return mutability;
  }

  /// Freezes everything that was made in this thread.
  @Override
  public void close() {
    mutability.freeze();
  }

  // Context of the host.

  /// The host's object of this class, if it has set one.
  public <T> Optional<T> find(Class<T> key) {
    return Optional.ofNullable(context.get(key)).map(key::cast);
  }

  /// The host's object of this class, or an error that says that `what` cannot be used here.
  public <T> T require(Class<T> key, String what) throws EvalError {
    return find(key).orElseThrow(() -> new EvalError("'" + what + "' cannot be used here"));
  }

  public Exports load(String module) throws EvalError, InterruptedException {
    return loader.load(this, module);
  }

  public void print(String message) {
    printHandler.print(this, message);
  }

  // Calls.

  /// Calls any callable value.
  public Object call(Object function, List<?> positional, Map<String, ?> named)
      throws EvalError, InterruptedException {
    return call(function, Arguments.of(positional, named));
  }

  /// Calls any callable value.
  public Object call(Object function, Arguments arguments) throws EvalError, InterruptedException {
    if (!(function instanceof Callable callable)) {
      throw new EvalError("'" + Starlark.type(function) + "' value is not callable");
    }
    if (depth > 0) {
      return callable.call(this, arguments);
    }
    try {
      return callable.call(this, arguments);
    } catch (StackOverflowError _) {
      throw tooDeep();
    }
  }

  /// The error for an exhausted Java stack. The thread is of no use after it.
  public static EvalError tooDeep() {
    return new EvalError("the evaluation exhausts the Java stack");
  }

  /// Begins a call of a Starlark function; [#exit] must follow.
  public void enter(Activation activation) throws EvalError, InterruptedException {
    step();
    if (depth >= limits.depth()) {
      throw new EvalError("more than " + limits.depth() + " calls are active");
    }
    int added = activation.depth() + CALL_NESTING;
    if (nesting + added > MAX_NESTING) {
      throw new EvalError("the evaluation is nested too deeply");
    }
    if (!recursion) {
      checkRecursion(activation);
    }
    if (depth == stack.length) {
      stack = Arrays.copyOf(stack, depth * 2);
    }
    stack[depth++] = activation;
    nesting += added;
  }

  public void exit() {
    Activation activation = stack[--depth];
    stack[depth] = null;
    if (activation != null) {
      nesting -= activation.depth() + CALL_NESTING;
    }
  }

  @SuppressWarnings("ReferenceEquality") // declarations are compared by identity
  private void checkRecursion(Activation activation) throws EvalError {
    Object declaration = activation.declaration();
    for (int i = 0; i < depth; i++) {
      Activation active = stack[i];
      if (active != null && active.declaration() == declaration) {
        throw new EvalError("function '" + activation.functionName() + "' is called recursively");
      }
    }
  }

  /// The active calls of Starlark functions, outermost first.
  public List<StackFrame> callStack() {
    List<StackFrame> frames = new ArrayList<>(depth);
    for (int i = 0; i < depth; i++) {
      Activation active = stack[i];
      if (active != null) {
        Location location = active.source().location(active.position());
        String line = active.source().line(location.line());
        frames.add(new StackFrame(active.functionName(), location, line));
      }
    }
    return frames;
  }

  /// Where the innermost Starlark function is: for a function in Java, the place that calls it.
  public Optional<Location> callerLocation() {
    Activation active = depth == 0 ? null : stack[depth - 1];
    return active == null
        ? Optional.empty()
        : Optional.of(active.source().location(active.position()));
  }

  /// A message that begins with a place, where that is known.
  public static String located(Optional<Location> place, String message) {
    return place.map(where -> where + ": " + message).orElse(message);
  }

  // Limits.

  /// How many steps the evaluation has taken.
  public long steps() {
    return steps;
  }

  /// Counts a step. Loops and calls in Java that a program can make long must count theirs too.
  public void step() throws EvalError, InterruptedException {
    if (++steps >= checkpoint) {
      check();
    }
  }

  /// Counts the work of an operation in steps.
  public void work(long count) throws EvalError, InterruptedException {
    steps += count;
    if (steps >= checkpoint) {
      check();
    }
  }

  private void check() throws EvalError, InterruptedException {
    if (steps >= limits.steps()) {
      throw new EvalError("the evaluation took more than " + limits.steps() + " steps");
    }
    if (Thread.interrupted()) {
      throw new InterruptedException("evaluation interrupted");
    }
    checkpoint = Math.min(steps + CHECK_INTERVAL, limits.steps());
  }

  /// Announces that so many bytes, roughly, are about to be allocated.
  public void allocate(long bytes) throws EvalError {
    allocated += bytes;
    if (allocated > limits.allocation()) {
      throw new EvalError("the evaluation needs more than " + limits.allocation() + " bytes");
    }
  }

  /// Announces a collection or string of `count` elements.
  public void allocate(long count, int bytesPerElement) throws EvalError {
    if (count > Integer.MAX_VALUE - 8) {
      throw new EvalError("a value of " + count + " elements is too large");
    }
    allocate(64 + count * bytesPerElement);
  }

  /// Sets up a thread.
  public static final class Builder {
    private Limits limits = Limits.DEFAULT;
    private Loader loader = Loader.NONE;
    private PrintHandler printHandler = PrintHandler.NONE;
    private boolean recursion;
    private final Map<Class<?>, Object> context = new HashMap<>();

    private Builder() {}

    public Builder limits(Limits limits) {
      this.limits = limits;
      return this;
    }

    public Builder loader(Loader loader) {
      this.loader = loader;
      return this;
    }

    public Builder printHandler(PrintHandler handler) {
      this.printHandler = handler;
      return this;
    }

    /// Lets functions call themselves; the limits still apply.
    public Builder allowRecursion() {
      this.recursion = true;
      return this;
    }

    /// Puts an object of the host where the host's functions find it ([StarlarkThread#find]).
    public <T> Builder with(Class<T> key, T value) {
      context.put(key, value);
      return this;
    }

    public StarlarkThread build() {
      return new StarlarkThread(this);
    }
  }
}
