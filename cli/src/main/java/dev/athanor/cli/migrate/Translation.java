package dev.athanor.cli.migrate;

/// What becomes of a kind of target.
@FunctionalInterface
interface Translation {
  void of(PantsTarget target, Addresses addresses);

  /// One that nothing here stands for.
  static Translation byHand(String what, String hint) {
    return (target, addresses) -> target.leave(what, hint);
  }
}
