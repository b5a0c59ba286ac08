package dev.athanor.engine.action;

import java.io.IOException;
import java.util.Map;

/// A kind of built-in action: a closed function of digests that runs in this process. Safe for use
/// by many threads.
public interface ActionType {
  /// Names the function for ever, as in `oci.add-layer`.
  String id();

  /// Counts up with every change that could make other outputs of the same inputs.
  int version();

  /// The scarce thing it mostly uses.
  Resource resource();

  /// The last part of the id.
  default String mnemonic() {
    return id().substring(id().lastIndexOf('.') + 1);
  }

  /// Whether a result may stand for a later run. A side effect, such as a push, is not cacheable.
  default boolean cacheable() {
    return true;
  }

  /// Whether it pays to have it run by another machine, and that can: it computes for long, and
  /// needs nothing but its inputs and what these refer to.
  default boolean portable() {
    return cacheable() && resource() == Resource.CPU;
  }

  /// Whether it runs commands in a sandbox, which then meet what commands meet.
  default boolean spawns() {
    return false;
  }

  /// Whether an action with these parameters reaches the network, though others of its kind do not.
  default boolean reachesNetwork(Map<String, String> params) {
    return resource() == Resource.NETWORK;
  }

  /// Makes every declared output.
  ///
  /// @throws ActionException when the action fails for a reason that the user can act on
  /// @throws IOException when the machine fails
  void run(ActionContext context) throws IOException, InterruptedException;

  /// What limits how many actions of a kind run at once.
  enum Resource {
    CPU,
    DISK,
    NETWORK,
    /// Another machine. For no type to say: any portable action may be sent to one.
    REMOTE
  }
}
