package dev.athanor.engine.rule;

import dev.athanor.engine.action.Action;
import java.util.List;

/// The attributes by which a target says how much of the machine its commands take.
public final class Resources {
  private static final String CPUS = "cpus";
  private static final String MEMORY = "memory";

  public static final List<Attribute> ATTRIBUTES =
      List.of(
          Attribute.integer(CPUS, "How many processors it keeps busy.").orElse(1L),
          Attribute.integer(
              MEMORY,
              "How much memory it takes, in MiB; without it, as much as its largest process took"
                  + " when it last ran. What does not fit beside others waits."));

  private Resources() {}

  /// What a target with [#ATTRIBUTES] needs.
  ///
  /// @param attempts how often a command is tried
  public static Action.Needs of(RuleContext context, int attempts) {
    return new Action.Needs(
        context.integer(CPUS, 1, 1024),
        context.integer(MEMORY, 0, Integer.MAX_VALUE) * Action.Needs.MEBIBYTE,
        attempts);
  }
}
