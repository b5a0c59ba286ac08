package dev.athanor.actions;

import dev.athanor.engine.action.ActionContext;
import dev.athanor.engine.action.ActionType;

/// Gives what stands at the only input another name. No bytes move: both names have one digest.
final class CopyContent implements ActionType {
  @Override
  public String id() {
    return "file.copy";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public Resource resource() {
    return Resource.DISK;
  }

  @Override
  public void run(ActionContext context) {
    context.output(
        context.action().outputs().getFirst(), context.input(context.action().inputs().getFirst()));
  }
}
